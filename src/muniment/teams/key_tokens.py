"""API keys as text: `core.bearer_tokens` with a prefix of their own."""

from muniment.core import bearer_tokens
from muniment.core.bearer_tokens import token_hash

__all__ = ["PREFIX", "is_token", "new_token", "token_hash"]

PREFIX = "muniment_"


def new_token() -> str:
    return bearer_tokens.new_token(PREFIX)


def is_token(text: str) -> bool:
    return bearer_tokens.is_token(text, PREFIX)
