"""The sandbox of this process: one for all who read or draw files in it."""

import threading

from django.conf import settings

from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.sandbox.keeper import Recognition

_starting = threading.Lock()
_sandboxes: list[Sandbox] = []


def sandbox() -> Sandbox:
    """Its zygote is started at the first file."""
    with _starting:
        if not _sandboxes:
            _sandboxes.append(
                Sandbox(
                    unsafe_without_seccomp=settings.MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX,
                    recognition=Recognition(str(settings.MUNIMENT_OCR_DATA), settings.MUNIMENT_OCR_LANGUAGES),
                )
            )
        return _sandboxes[0]
