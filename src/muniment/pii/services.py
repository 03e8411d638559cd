"""The door to finding personal data: in the installation's detector, a process of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from django.conf import settings

from muniment.core.watch import Watch, unwatched
from muniment.pii.asking import WorkingQuestion, working_question
from muniment.pii.detection import detect
from muniment.pii.detector import client, keeping
from muniment.pii.mounted import mounted_labels
from muniment.pii.recognisers.custom import checked_pattern
from muniment.pii.restoring import restored
from muniment.pii.types import Selection, Span, Tagger

__all__ = [
    "WorkingQuestion",
    "checked_pattern",
    "detector_kept",
    "find_personal_data",
    "restored",
    "tagger",
    "working_question",
]

_loading = Lock()
_loaded: list[Tagger] = []


def find_personal_data(
    text: str,
    *,
    selection: Selection | None = None,
    on_progress: Watch = unwatched,
    rules_alone: bool = False,
) -> tuple[Span, ...]:
    """What of the selected classes stands in the text, in order, none overlapping; the same text gives the same spans.

    `on_progress` is told how many characters are done, of how many; what it raises ends the work. `rules_alone` looks
    without the model. Raises DetectorDownError, DetectorModelError, PatternError; it never answers with less than it
    looked for.
    """
    chosen = selection or Selection()
    if not text or not chosen.findable:
        return ()
    if not _has_detector():
        return detect(text, tagger=None if rules_alone else tagger(), selection=chosen, watch=on_progress)
    return client.look(
        detector_folder(),
        text,
        selection=chosen,
        rules_alone=rules_alone,
        watch=on_progress,
        start=_start_where_none_is,
    )


@contextmanager
def detector_kept() -> Iterator[None]:
    """The detector of this installation lives as long as the block; it answers about a second after it began.

    Raises DetectorModelError for a MUNIMENT_NER_MODEL that is none.
    """
    if settings.MUNIMENT_DETECTOR_PROCESS:
        if model := _mounted():
            mounted_labels(model)
        keeping.keep_running(detector_folder(), threads=_threads(), model=_mounted())
    try:
        yield
    finally:
        keeping.stop(detector_folder())


def detector_folder() -> Path:
    return Path(settings.MUNIMENT_HOME) / "detector"


def tagger() -> Tagger:
    """The model, loaded into this process at the first call (half a second, 100 MB). Raises DetectorModelError."""
    from muniment.pii.loading import load_tagger  # noqa: PLC0415 - a process that asks the detector needs none of it

    with _loading:
        if not _loaded:
            _loaded.append(load_tagger(threads=_threads(), model=_mounted()))
        return _loaded[0]


def _has_detector() -> bool:
    """Not where the setting says so, nor where there is no installation: a scan of a file makes none."""
    return settings.MUNIMENT_DETECTOR_PROCESS and (Path(settings.MUNIMENT_HOME) / "control.db").exists()


def _start_where_none_is() -> None:
    if not keeping.is_there(detector_folder()):
        keeping.keep_running(detector_folder(), threads=_threads(), model=_mounted())


def _mounted() -> Path | None:
    return Path(settings.MUNIMENT_NER_MODEL).absolute() if settings.MUNIMENT_NER_MODEL else None


def _threads() -> int:
    return min(len(os.sched_getaffinity(0)), 8)
