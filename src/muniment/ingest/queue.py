"""Which agents have documents waiting to be read, and the job that reads them: one for each agent, by its id."""

from pathlib import Path

from django.conf import settings

from muniment.core.marks import Marks

JOB = "ingest:documents"


def waiting_marks() -> Marks:
    return Marks(Path(settings.MUNIMENT_HOME) / "waiting")
