"""The doors to the models of this process, and to those elsewhere."""

import os
from pathlib import Path
from threading import Lock

from django.conf import settings

from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
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
from muniment.llm.types import ChatModel, Embedder

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
_local: list[LocalModel] = []


def embedder(*, threads: int | None = None) -> Embedder:
    """The one embedder of this process, loaded at the first call (about a second), shared by all threads.

    `threads` counts only for the call that loads it; without it MUNIMENT_EMBEDDING_THREADS, else every core.
    Raises ModelFileError.
    """
    with _loading:  # two first questions at once must not load the model twice
        if not _loaded:
            _loaded.append(MiniLM(threads=threads or _configured_threads()))
        return _loaded[0]


def local_model() -> ChatModel | None:
    """The operator's own model in this process, not loaded before its first question; None when there is none."""
    with _loading:
        if not _local and settings.MUNIMENT_LOCAL_MODEL:
            _local.append(_configured_model())
        return _local[0] if _local else None


def check_local_model() -> str:
    """The local model's name, "" when none is set, without loading it. Raises ModelFileError with the mend."""
    if not settings.MUNIMENT_LOCAL_MODEL:
        return ""
    model = _configured_model()
    model.check()
    return model.name


def _configured_model() -> LocalModel:
    size = Size(
        context=settings.MUNIMENT_LOCAL_CONTEXT,
        threads=settings.MUNIMENT_LOCAL_THREADS,
        memory=settings.MUNIMENT_LOCAL_MEMORY * 2**20,
    )
    path = Path(settings.MUNIMENT_LOCAL_MODEL).expanduser().absolute()
    return LocalModel(path, size, idle=settings.MUNIMENT_LOCAL_IDLE * 60)


def _configured_threads() -> int:
    return int(getattr(settings, "MUNIMENT_EMBEDDING_THREADS", 0) or len(os.sched_getaffinity(0)))
