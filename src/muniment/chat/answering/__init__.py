"""How an answer is made from passages. The extractive answerer needs no generating model: it quotes."""
