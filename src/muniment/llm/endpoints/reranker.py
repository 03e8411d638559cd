"""A reranker behind an endpoint: `POST /rerank` as Cohere, Jina, vLLM, llama.cpp and LocalAI speak it.

Asked: model, query, documents, top_n. Answered: results, each with the index of a document and its relevance_score.
Text Embeddings Inference calls the documents `texts`, and answers with the list alone and `score`: both are understood
(https://docs.cohere.com/reference/rerank, https://huggingface.github.io/text-embeddings-inference).
"""

from collections.abc import Mapping, Sequence
from math import isfinite

from muniment.llm.endpoints.call import EndpointCall
from muniment.llm.endpoints.folder import EndpointFolder
from muniment.llm.events import RERANKER_CALLED
from muniment.llm.types import Sender

_BODY = 2**20  # bytes of an answer: some repeat the passages


class EndpointReranker:
    """Implements `llm.types.Reranker`. A person waits for it: one attempt."""

    def __init__(self, folder: EndpointFolder, *, sender: Sender) -> None:
        self.name = folder.name
        self._folder = folder
        self._call = EndpointCall(folder, sender, RERANKER_CALLED, hurried=True)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Raises ModelUnavailableError, ModelRefusedError, TextRefusedError."""
        documents = list(passages)
        fields = {"query": question, "documents": documents, "top_n": len(documents)}
        if self._folder.card.texts:
            fields = {"query": question, "texts": documents}
        found = self._call.answer("/rerank", fields, texts=len(documents) + 1, most=_BODY)
        rows = found.get("results") if isinstance(found, Mapping) else found
        scores: dict[int, float] = {}
        for row in rows if isinstance(rows, list) else []:
            said = row if isinstance(row, Mapping) else {}
            at, score = said.get("index"), said.get("relevance_score", said.get("score"))
            if type(at) is not int or not 0 <= at < len(documents) or at in scores or not _is_number(score):
                raise self._folder.refused(
                    "{model} ({setting}) does not say how well which passage fits. Check its address."
                )
            scores[at] = float(score)
        if len(scores) != len(documents):
            raise self._folder.refused(
                "{model} ({setting}) does not answer {number} passages with as many scores. Check it.",
                number=len(documents),
            )
        return [scores[at] for at in range(len(documents))]


def _is_number(found: object) -> bool:
    return type(found) in (int, float) and abs(found) < 1e12 and isfinite(found)  # type: ignore[arg-type]
