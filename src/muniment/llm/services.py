"""The doors to the models of this process, and to those elsewhere."""

import os
from pathlib import Path
from threading import Lock

from django.conf import settings

from muniment.llm.errors import ModelFileError
from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from muniment.llm.minilm.embedder import MiniLM
from muniment.llm.onnx.embedder import OnnxEmbedder
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.onnx.reranker import OnnxReranker
from muniment.llm.providers import (
    add_provider,
    chat_model,
    is_inside,
    remove_provider,
    set_budget,
    try_provider,
    update_provider,
)
from muniment.llm.types import PACKAGED_EMBEDDER, ChatModel, Embedder, Reranker

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
_loaded: dict[str, Embedder] = {}
_rerankers: dict[Path, OnnxReranker] = {}
_local: list[LocalModel] = []


def embedder(*, threads: int | None = None) -> Embedder:
    """The configured embedder, loaded at the first call (about a second), shared by all threads of this process.

    `threads` counts only for the call that loads it; without it MUNIMENT_EMBEDDING_THREADS, else every core.
    Raises ModelFileError.
    """
    folder = embedding_folder()
    return _embedder(PACKAGED_EMBEDDER, None, threads) if folder is None else _embedder(folder.name, folder, threads)


def check_models() -> None:
    """Whether the folders that settings name hold what they must, without loading it. Raises ModelFileError."""
    embedding_folder()
    _reranker_folder()


def reranker() -> Reranker | None:
    """The configured reranker, loaded at the first call; None where there is none. Raises ModelFileError."""
    folder = _reranker_folder()
    if folder is None:
        return None
    with _loading:
        if folder.path not in _rerankers:
            _rerankers[folder.path] = OnnxReranker(folder, threads=_configured_threads())
        return _rerankers[folder.path]


def _reranker_folder() -> ModelFolder | None:
    return _folder(settings.MUNIMENT_RERANKER, "MUNIMENT_RERANKER")


def embedder_name() -> str:
    """The configured embedder's, without loading it. Raises ModelFileError."""
    folder = embedding_folder()
    return PACKAGED_EMBEDDER if folder is None else folder.name


def embedder_named(name: str, *, folder: Path | None = None) -> Embedder | None:
    """The embedder of this name: the configured one, the packaged one, or what still lies in `folder`; else None."""
    if name == embedder_name():
        return embedder()
    if name == PACKAGED_EMBEDDER:
        return _embedder(PACKAGED_EMBEDDER, None, None)
    try:
        found = None if folder is None else ModelFolder.read(folder, setting="MUNIMENT_EMBEDDING_MODEL")
        return _embedder(name, found, None) if found is not None and found.name == name else None
    except ModelFileError:  # it was taken away
        return None


def embedding_folder() -> ModelFolder | None:
    """The configured one; None where the packaged model serves. Raises ModelFileError."""
    return _folder(settings.MUNIMENT_EMBEDDING_MODEL, "MUNIMENT_EMBEDDING_MODEL")


def _folder(path: str, setting: str) -> ModelFolder | None:
    return ModelFolder.read(Path(path).expanduser().absolute(), setting=setting) if path else None


def _embedder(name: str, folder: ModelFolder | None, threads: int | None) -> Embedder:
    with _loading:  # two first questions at once must not load the model twice
        if name not in _loaded:
            count = threads or _configured_threads()
            _loaded[name] = MiniLM(threads=count) if folder is None else OnnxEmbedder(folder, threads=count)
        return _loaded[name]


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
