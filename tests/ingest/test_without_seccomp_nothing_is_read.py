"""Where the kernel refuses seccomp, files are refused, unless the operator said otherwise; the other walls stand."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.errors import SandboxUnavailableError
from muniment.ingest.sandbox import shared
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.sandbox.keeper import ZygoteKeeper
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.ingest.types import Limits
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest.stage import HONEST, is_refused, planted_environment


class BareSandbox(Sandbox):
    _zygote_module = "tests.ingest.without_seccomp"


@pytest.fixture(autouse=True)
def reachable() -> Iterator[None]:
    environment = planted_environment()
    with patch.object(ZygoteKeeper, "_environment", staticmethod(lambda: environment)):
        yield


def test_a_file_is_refused() -> None:
    sandbox = BareSandbox()
    try:
        with pytest.raises(SandboxUnavailableError, match="MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX"):
            sandbox.parse([HONEST.encode()])
    finally:
        sandbox.close()


def test_the_operator_may_accept_the_risk_and_the_other_walls_stand() -> None:
    with BareSandbox(unsafe_without_seccomp=True) as sandbox:
        assert not sandbox.start().seccomp
        assert sandbox.parse([HONEST.encode()]).text == HONEST
        assert b"succeeded" in sandbox._ask("environment", [b""], Limits(), {}, cap=10_000)
        for path in ("/etc/passwd", "/proc/self/mem"):
            assert is_refused(sandbox._ask("read", [b""], Limits(), {"path": path}, cap=10_000).decode())
        assert is_refused(sandbox._ask("inet", [b""], Limits(), {}, cap=10_000).decode())


@pytest.mark.django_db(transaction=True)
def test_the_person_is_told(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = BareSandbox()
    monkeypatch.setattr(shared, "_sandboxes", [sandbox])
    agent = create_agent(actor=alice.actor, name="Bare")
    try:
        add_document(actor=alice.actor, agent=agent, name="a.txt", source=[HONEST.encode()])
        run_due()
    finally:
        sandbox.close()
    (found,) = documents(alice.actor, agent)
    assert found.state is DocumentState.FAILED
    assert "seccomp" in found.error
