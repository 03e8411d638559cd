"""Embedding models and rerankers behind an endpoint, set by the operator for the whole installation."""
