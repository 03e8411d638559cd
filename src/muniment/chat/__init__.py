"""Conversations, grounded answers, citations."""
