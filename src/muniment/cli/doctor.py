"""`muniment doctor`: each part of the installation, whether it is well, and what to do when not."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.db import DatabaseError

from muniment.agents.selectors import live_agents
from muniment.audit.services import verify_log
from muniment.cli.acting import json_option
from muniment.cli.progress import progress
from muniment.cli.start import prepare
from muniment.core.actors import SYSTEM
from muniment.core.errors import CorruptedError, MunimentError, PermanentError
from muniment.core.network.listening import check_address, check_certificate
from muniment.core.sqlcipher import self_test
from muniment.crypto.errors import KeyDestroyedError, KeyringDamagedError
from muniment.crypto.root import cleartext_root
from muniment.crypto.services import keyring
from muniment.ingest.selectors import recognised_languages
from muniment.ingest.services import count_words
from muniment.jobs.selectors import queue_state, worker_alive
from muniment.llm.services import check_local_model, embedder, models_in_use, try_model
from muniment.llm.types import ModelInUse, ModelUse
from muniment.pii.selectors import detector_state
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.services import open_silo
from muniment.teams.selectors import is_claimed, operator_actor

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_LITTLE = 2**30  # bytes free: a large upload and the index's merges need about this much
_TOO_LITTLE = 200 * 2**20


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said`: what was seen, and unless it is well what to do."""

    part: str
    state: State
    said: str


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Check this installation, part by part. Exit code 1 when a part fails."""
    findings = []
    for finding in _examine():
        findings.append(finding)
        if not as_json:
            click.echo(f"{finding.state:5}{finding.part}: {finding.said}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    if any(finding.state is State.FAIL for finding in findings):
        raise PermanentError("At least one part fails; see above.")


def _examine() -> Iterator[Finding]:
    start = _finding("start", _start)
    yield start
    yield from (_finding(part, look) for part, look in _PARTS)
    if start.state is State.FAIL:
        yield Finding("the rest", State.WARN, "Not looked at: it needs an installation that starts.")
        return
    yield from (_finding(part, look) for part, look in _RUNNING_PARTS)


def _finding(part: str, look: Callable[[], tuple[State, str]]) -> Finding:
    try:
        return Finding(part, *look())
    except (MunimentError, OSError, DatabaseError) as error:
        said = str(error) if isinstance(error, MunimentError) else f"It could not be looked at ({error})."
        return Finding(part, State.FAIL, said)


def _start() -> tuple[State, str]:
    prepare()
    return State.OK, "Made, checked and up to date."


def _keys() -> tuple[State, str]:
    cleartext_root(settings.MUNIMENT_KEYS)
    return _private(settings.MUNIMENT_KEYS, [settings.MUNIMENT_KEYS / "rings"])


def _home() -> tuple[State, str]:
    return _private(settings.MUNIMENT_HOME, settings.MUNIMENT_HOME.glob("*.db"))


def _private(folder: Path, inside: Iterator[Path] | Sequence[Path]) -> tuple[State, str]:
    for path in (folder, *inside):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            return State.FAIL, f"{path} can be read by others. Run: chmod -R go= {folder}"
    return State.OK, f"{folder} is closed to others."


def _cipher() -> tuple[State, str]:
    self_test(settings.MUNIMENT_HOME)
    return State.OK, "The database library encrypts."


def _disk() -> tuple[State, str]:
    free = shutil.disk_usage(settings.MUNIMENT_HOME).free
    said = f"{free / 2**30:.1f} GiB free."
    if free < _TOO_LITTLE:
        return State.FAIL, f"{said} Free some space: documents and answers cannot be stored."
    return (State.WARN, f"{said} Free some space soon.") if free < _LITTLE else (State.OK, said)


def _address() -> tuple[State, str]:
    tls = check_certificate(certificate=settings.MUNIMENT_TLS_CERTIFICATE, key=settings.MUNIMENT_TLS_KEY)
    check_address(
        host=settings.MUNIMENT_HOST,
        base_url=settings.MUNIMENT_BASE_URL,
        tls=tls,
        proxy=settings.MUNIMENT_TRUSTED_PROXY,
        claimed=is_claimed(),
    )
    return State.OK, f"{settings.MUNIMENT_BASE_URL.origin}, on {settings.MUNIMENT_HOST}:{settings.MUNIMENT_PORT}."


def _model() -> tuple[State, str]:
    used = {one.use: one for one in models_in_use()}
    if not used[ModelUse.EMBEDDING].address:
        return State.OK, f"{embedder().name}, as it was measured."
    return _answers(used[ModelUse.EMBEDDING])


def _reranker() -> tuple[State, str]:
    found = next((one for one in models_in_use() if one.use is ModelUse.RERANKER), None)
    return _answers(found) if found else (State.OK, "None is set; answers do not need one.")


def _answers(found: ModelInUse) -> tuple[State, str]:
    trial = try_model(actor=operator_actor(None), use=found.use)
    where = f", at {found.address}" if found.address else ""
    if trial.answered:
        return State.OK, f"{found.name}{where}: answered in {trial.milliseconds} ms."
    return State.FAIL, f"{found.name}{where}: {trial.sentence}"


def _local_model() -> tuple[State, str]:
    name = check_local_model()
    return State.OK, f"{name}: extra and file are there." if name else "None is set; answers do not need one."


def _mirrors() -> tuple[State, str]:
    folders, behind = keyring().mirrors.folders(), keyring().mirrors.catch_up()
    if behind:
        names = ", ".join(str(folder) for folder in behind)
        return State.WARN, f"Not reachable, so their keyring is old: {names}. Connect them and run doctor again."
    if not folders:
        return State.WARN, "There is no backup target. Make one with: muniment backup TARGET"
    return State.OK, f"{len(folders)} with the current keyring."


def _keyring() -> tuple[State, str]:
    """Every key is opened."""
    faults = keyring().faults()
    return (State.FAIL, " ".join(map(str, faults))) if faults else (State.OK, "Every key opens.")


def _agents() -> tuple[State, str]:
    """Every page of every silo is read and its authentication code checked."""
    found, damaged, closed = list(live_agents(SYSTEM)), [], []
    with progress("Checking agents") as at:
        for number, agent in enumerate(found, start=1):
            try:
                open_silo(agent.silo).engine.check()
            except KeyringDamagedError:
                closed.append(agent)
            except (CorruptedError, SiloDestroyedError, KeyDestroyedError):
                damaged.append(agent)
            at(number, len(found))
    said = []
    if closed:
        said.append(f"Not looked at, for lack of their keys: {_named(closed)}. Mend the keyring first.")
    if damaged:
        mend = f"muniment restore {next(iter(keyring().mirrors.folders()), 'TARGET')} --agent {damaged[0].id}"
        said.append(f"Damaged: {_named(damaged)}. All others work. Bring each back from a backup target: {mend}")
    return (State.FAIL, " ".join(said)) if said else (State.OK, f"{len(found)} checked, none is damaged.")


def _credits() -> tuple[State, str]:
    """Every document's record is opened; what was counted otherwise is put right."""
    found = count_words(thorough=True)
    if found.documents:
        return (
            State.WARN,
            f"{found.documents} documents were counted wrongly, by {found.words:+,} words. Put right.",
        )
    return State.OK, f"The words of {found.agents} agents are counted as they stand."


def _named(agents: "list[Agent]") -> str:
    return ", ".join(f"{agent.name} ({agent.id})" for agent in agents)


def _owner() -> tuple[State, str]:
    if is_claimed():
        return State.OK, "The installation has one."
    return State.WARN, "Nobody owns this installation yet. Run: muniment setup-link"


def _worker() -> tuple[State, str]:
    if worker_alive():
        return State.OK, "A worker runs."
    return State.WARN, "No worker runs, so documents wait. Start one with: muniment serve"


def _detector() -> tuple[State, str]:
    found = detector_state()
    if found is None:
        return State.WARN, "None runs. Whoever needs one starts it; muniment serve keeps one running."
    return (State.OK, "It answers.") if found.ready else (State.FAIL, found.fault)


def _jobs() -> tuple[State, str]:
    state = queue_state(operator_actor(None))
    said = f"{state.waiting} waiting, {state.running} running, {state.failed} failed in the last 30 days."
    minutes = int(state.oldest.total_seconds() // 60)
    if minutes >= 10:
        return State.WARN, f"{said} One has been due for {minutes} minutes: is a worker running?"
    return State.OK, said


def _log() -> tuple[State, str]:
    with progress("Verifying the log") as at:
        counts = verify_log(watch=at)
    return State.OK, "Verified: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "."


def _pictures() -> tuple[State, str]:
    if languages := recognised_languages():
        return State.OK, f"Words in pictures and scanned pages are recognised: {', '.join(languages)}."
    return State.WARN, (
        "Words in pictures and scanned pages are not read. Install tesseract's language data "
        "(Debian: apt-get install tesseract-ocr-eng tesseract-ocr-deu), or set MUNIMENT_OCR_DATA; then start again."
    )


_PARTS = (("keys", _keys), ("home", _home), ("cipher", _cipher), ("disk", _disk), ("pictures", _pictures))
_RUNNING_PARTS = (
    ("address", _address),
    ("owner", _owner),
    ("model", _model),
    ("reranker", _reranker),
    ("local model", _local_model),
    ("keyring", _keyring),
    ("backup targets", _mirrors),
    ("worker", _worker),
    ("detector", _detector),
    ("jobs", _jobs),
    ("audit log", _log),
    ("agents", _agents),
    ("credits", _credits),
)
