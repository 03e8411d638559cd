"""Numbers for a monitoring system, in Prometheus' text format 0.0.4. Counts and times alone: no names, no content."""

from collections.abc import Iterator

from muniment import __version__
from muniment.api.health import readiness
from muniment.core.actors import SYSTEM
from muniment.jobs.selectors import queue_state
from muniment.teams.selectors import teams_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, str, dict[str, str], float]


def exposition() -> str:
    """The whole page; each metric with its help line."""
    lines: list[str] = []
    seen: set[str] = set()
    for name, meaning, labels, value in _samples():
        if name not in seen:
            seen.add(name)
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        inner = ",".join(f'{key}="{text}"' for key, text in labels.items())
        lines.append(f"{name}{{{inner}}} {value:g}" if inner else f"{name} {value:g}")
    return "\n".join([*lines, ""])


def _samples() -> Iterator[Sample]:
    yield "muniment_info", "The running version.", {"version": __version__}, 1
    for part, works in readiness().items():
        yield "muniment_ready", "Whether a part works (1) or not (0).", {"part": part}, float(works)
    jobs = queue_state(SYSTEM)
    for state, count in (("waiting", jobs.waiting), ("running", jobs.running), ("failed", jobs.failed)):
        yield "muniment_jobs", "Jobs by state.", {"state": state}, count
    yield "muniment_jobs_oldest_seconds", "How long the oldest due job waits.", {}, jobs.oldest.total_seconds()
    yield "muniment_teams", "Teams of this installation.", {}, teams_of(SYSTEM).count()
