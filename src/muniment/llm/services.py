"""The doors to the models of this process, and to those elsewhere."""

import os
from threading import Lock

from django.conf import settings

from muniment.llm.minilm.embedder import MiniLM
from muniment.llm.providers import (
    add_provider,
    chat_model,
    is_inside,
    remove_provider,
    set_budget,
    try_provider,
    update_provider,
)
from muniment.llm.types import Embedder

__all__ = [
    "add_provider",
    "chat_model",
    "embedder",
    "is_inside",
    "remove_provider",
    "set_budget",
    "try_provider",
    "update_provider",
]

_loading = Lock()
_loaded: list[MiniLM] = []


def embedder(*, threads: int | None = None) -> Embedder:
    """The one embedder of this process, loaded at the first call (about a second), shared by all threads.

    `threads` counts only for the call that loads it; without it MUNIMENT_EMBEDDING_THREADS, else every core.
    Raises ModelFileError.
    """
    with _loading:  # two first questions at once must not load the model twice
        if not _loaded:
            _loaded.append(MiniLM(threads=threads or _configured_threads()))
        return _loaded[0]


def _configured_threads() -> int:
    return int(getattr(settings, "MUNIMENT_EMBEDDING_THREADS", 0) or len(os.sched_getaffinity(0)))
