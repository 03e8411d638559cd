"""The door to finding personal data in this process."""

import os
from threading import Lock

from muniment.pii.asking import WorkingQuestion, working_question
from muniment.pii.detection import detect
from muniment.pii.rampart.tagger import Rampart
from muniment.pii.recognisers.custom import checked_pattern
from muniment.pii.types import Selection, Span, Tagger

__all__ = ["WorkingQuestion", "checked_pattern", "find_personal_data", "tagger", "working_question"]

_loading = Lock()
_loaded: list[Rampart] = []


def find_personal_data(text: str, *, selection: Selection | None = None) -> tuple[Span, ...]:
    """What of the selected classes stands in the text, in order, none overlapping; the same text gives the same spans.

    The first call of a process loads the model. Raises DetectorModelError, PatternError; it never answers with less
    than it looked for.
    """
    return detect(text, tagger=tagger(), selection=selection)


def tagger(*, threads: int | None = None) -> Tagger:
    """The one model of this process, loaded at the first call (half a second, 100 MB). Raises DetectorModelError."""
    with _loading:
        if not _loaded:
            _loaded.append(Rampart(threads=threads or len(os.sched_getaffinity(0))))
        return _loaded[0]
