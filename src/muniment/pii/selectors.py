"""What is known of the detector of this installation."""

from django.conf import settings

from muniment.pii.detector import client, keeping
from muniment.pii.detector.client import State
from muniment.pii.services import detector_folder, tagger


def detector_state() -> State | None:
    """Of the one that runs; None when none does, and none is started. Raises DetectorDownError, DetectorModelError."""
    if not settings.MUNIMENT_DETECTOR_PROCESS:
        return State(ready=bool(tagger()), fault="", busy=0)
    return client.state(detector_folder()) if keeping.is_there(detector_folder()) else None


def detector_answers() -> bool:
    """Whether one runs, with its model loaded. Raises DetectorDownError, DetectorModelError."""
    state = detector_state()
    return state is not None and state.ready
