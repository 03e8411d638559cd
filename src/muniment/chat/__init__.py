"""Conversations: questions, grounded answers, citations, the honest refusal.

Promises: each sentence of an answer is tied to a span of a document that is there, byte for byte, or it is not said;
what a document's erasure takes away, it takes out of old answers too (they hold references, not copies); a
conversation is sealed under a key of its own.
"""
