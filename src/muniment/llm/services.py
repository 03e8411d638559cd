"""The doors to the models of this process, and to those elsewhere."""

import os
import time
from functools import partial
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import SYSTEM, Actor
from muniment.core.errors import MunimentError
from muniment.core.registries import OutboundMasking
from muniment.llm import events
from muniment.llm.endpoints.embedder import EndpointEmbedder
from muniment.llm.endpoints.folder import EndpointFolder
from muniment.llm.endpoints.reranker import EndpointReranker
from muniment.llm.errors import ModelFileError, ModelRefusedError
from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from muniment.llm.minilm.embedder import MiniLM
from muniment.llm.onnx.embedder import OnnxEmbedder
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.onnx.reranker import OnnxReranker
from muniment.llm.policies import check_try
from muniment.llm.providers import (
    add_provider,
    chat_model,
    destination,
    is_inside,
    remove_provider,
    set_budget,
    try_provider,
    update_provider,
)
from muniment.llm.types import (
    PACKAGED_EMBEDDER,
    ChatModel,
    Embedder,
    ModelInUse,
    ModelUse,
    Outbound,
    Reranker,
    Sender,
    Trial,
)

__all__ = [
    "add_provider",
    "chat_model",
    "destination",
    "embedder",
    "is_inside",
    "remove_provider",
    "set_budget",
    "try_provider",
    "update_provider",
]

Folder = ModelFolder | EndpointFolder
_EMBEDDING = "MUNIMENT_EMBEDDING_MODEL"
_loading = Lock()
_loaded: dict[str, Embedder] = {}
_rerankers: dict[Path, OnnxReranker] = {}
_local: list[LocalModel] = []


def by_nobody() -> Outbound:
    """Who sends what no agent sends: masked by all that is promised, to hosts of the operator's own as well."""
    return Outbound(SYSTEM, OutboundMasking())


def embedder(*, threads: int | None = None, sender: Sender = by_nobody, hurried: bool = False) -> Embedder:
    """The configured embedder. One of this machine is loaded at the first call and shared by all threads.

    `threads` counts only for the call that loads it; without it MUNIMENT_EMBEDDING_THREADS, else every core. `sender`
    and `hurried` (a person waits: one attempt) count only for an endpoint's. Raises ModelFileError.
    """
    return _embedder(embedding_folder(), sender, hurried=hurried, threads=threads)


def packaged_embedder() -> Embedder:
    """The one that comes with the installation, whatever is configured."""
    return _loaded_embedder(None, None)


def local_embedder() -> Embedder:
    """The configured one where it runs on this machine, else the packaged one: estimates send nothing out."""
    folder = embedding_folder()
    return packaged_embedder() if isinstance(folder, EndpointFolder) else _loaded_embedder(folder, None)


def check_models() -> None:
    """Whether the folders that settings name hold what they must, without loading it. Raises ModelFileError."""
    for folder in (embedding_folder(), reranker_folder()):
        if isinstance(folder, EndpointFolder):
            folder.key()


def reranker(*, sender: Sender = by_nobody) -> Reranker | None:
    """The configured reranker, loaded at the first call; None where there is none. Raises ModelFileError."""
    folder = reranker_folder()
    if folder is None or isinstance(folder, EndpointFolder):
        return None if folder is None else EndpointReranker(folder, sender=sender)
    with _loading:
        if folder.path not in _rerankers:
            _rerankers[folder.path] = OnnxReranker(folder, threads=_configured_threads())
        return _rerankers[folder.path]


def reranker_folder() -> Folder | None:
    return _folder(settings.MUNIMENT_RERANKER, "MUNIMENT_RERANKER")


def embedder_name() -> str:
    """The configured embedder's, without loading it. Raises ModelFileError."""
    folder = embedding_folder()
    return PACKAGED_EMBEDDER if folder is None else folder.name


def embedder_named(
    name: str, *, folder: Path | None = None, sender: Sender = by_nobody, hurried: bool = False
) -> Embedder | None:
    """The embedder of this name: the configured one, the packaged one, or what still lies in `folder`; else None."""
    if name == embedder_name():
        return embedder(sender=sender, hurried=hurried)
    if name == PACKAGED_EMBEDDER:
        return packaged_embedder()
    try:
        found = None if folder is None else _read(folder, _EMBEDDING)
        named = found is not None and found.name == name
        return _embedder(found, sender, hurried=hurried) if named else None
    except ModelFileError:  # it was taken away
        return None


def embedding_folder() -> Folder | None:
    """The configured one; None where the packaged model serves. Raises ModelFileError."""
    return _folder(settings.MUNIMENT_EMBEDDING_MODEL, _EMBEDDING)


def models_in_use() -> list[ModelInUse]:
    """The embedding model and, where there is one, the reranker. Raises ModelFileError."""
    found = [_in_use(ModelUse.EMBEDDING, embedding_folder())]
    return found + ([_in_use(ModelUse.RERANKER, folder)] if (folder := reranker_folder()) else [])


def try_model(*, actor: Actor, use: ModelUse) -> Trial:
    """Has the configured model embed, or order, a word; what came of it, in words. For who may change providers."""
    check_try(actor)
    began = time.monotonic()
    why = None
    sender = partial(Outbound, actor, OutboundMasking())
    try:
        if use is ModelUse.EMBEDDING:
            embedder(sender=sender, hurried=True).embed(["ready"])
        elif (found := reranker(sender=sender)) is None:
            raise ModelRefusedError("There is no reranker. The operator sets one with MUNIMENT_RERANKER.")
        else:
            found.scores("ready", ["ready", "steady"])
    except MunimentError as error:
        why = error
    trial = Trial(int((time.monotonic() - began) * 1000), (), why)
    with transaction.atomic():
        facts = {"answered": trial.answered, "milliseconds": trial.milliseconds}
        record(kind=events.MODEL_TRIED, actor=actor, facts=facts)
    return trial


def _in_use(use: ModelUse, folder: Folder | None) -> ModelInUse:
    name = PACKAGED_EMBEDDER if folder is None else folder.card.name
    if isinstance(folder, EndpointFolder):
        return ModelInUse(use, name, address=folder.card.address, model=folder.card.model, inside=folder.is_inside)
    return ModelInUse(use, name)


def _folder(path: str, setting: str) -> Folder | None:
    return _read(Path(path).expanduser().absolute(), setting) if path else None


def _read(path: Path, setting: str) -> Folder:
    endpoint = EndpointFolder.read(path, setting=setting, embeds=setting == _EMBEDDING)
    return endpoint or ModelFolder.read(path, setting=setting)


def _embedder(folder: Folder | None, sender: Sender, *, hurried: bool, threads: int | None = None) -> Embedder:
    if isinstance(folder, EndpointFolder):
        return EndpointEmbedder(folder, sender=sender, hurried=hurried)
    return _loaded_embedder(folder, threads)


def _loaded_embedder(folder: ModelFolder | None, threads: int | None) -> Embedder:
    name = PACKAGED_EMBEDDER if folder is None else folder.name
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
