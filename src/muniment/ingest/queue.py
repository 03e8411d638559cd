"""Which agents have documents waiting to be read."""

from pathlib import Path

from django.conf import settings

from muniment.core.marks import Marks


def waiting_marks() -> Marks:
    return Marks(Path(settings.MUNIMENT_HOME) / "waiting")
