"""A chat model on this machine: the operator's own GGUF, run by llama.cpp in a confined child without any socket."""
