"""Attacker: somebody in the middle, with a certificate of his own, or a true one for another name.
Move: answers in the provider's place; and who can set the environment asks for the session keys in a file.
Guarantee: G-81, nothing is said to a server whose certificate the system does not trust for its name, and no key is
written.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.network.addresses import split_address
from muniment.core.network.connecting import tls_context
from muniment.core.network.errors import UnreachableError, UntrustedError
from muniment.core.network.http import Limits, Request, exchange
from muniment.core.network.types import Purpose
from tests.core.authority import Authority
from tests.core.speaker import answer, speaking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority in the system's store, as OpenSSL finds it."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls_context.cache_clear()
    yield authority
    tls_context.cache_clear()


def _get(monkeypatch: pytest.MonkeyPatch, url: str, limits: Limits | None = None) -> bytes:
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(url)[0],))
    request = Request("GET", url, headers={"Authorization": "Bearer key"})
    with exchange(
        request, actor=SYSTEM, purpose=Purpose.MODEL, limits=limits, resolver=lambda _host, _port: ["127.0.0.1"]
    ) as response:
        return b"".join(response.body)


def test_the_true_one_is_heard(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(answer(b"true"), tls=trusted.server("models.internal")) as speaker:
        assert _get(monkeypatch, f"https://models.internal:{speaker.port}/") == b"true"
    with speaking(answer(b"true"), tls=trusted.server("127.0.0.1")) as speaker:
        assert _get(monkeypatch, f"https://127.0.0.1:{speaker.port}/") == b"true"


def test_another_name_is_not_trusted(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(answer(b"false"), tls=trusted.server("other.internal")) as speaker:
        with pytest.raises(UntrustedError):
            _get(monkeypatch, f"https://models.internal:{speaker.port}/")
        assert speaker.heard == []


def test_another_authority_is_not_trusted(trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    own = Authority(tmp_path / "other").server("models.internal")
    with speaking(answer(b"false"), tls=own) as speaker:
        with pytest.raises(UntrustedError):
            _get(monkeypatch, f"https://models.internal:{speaker.port}/")
        assert speaker.heard == []


def test_no_session_key_is_written(trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    with speaking(answer(b"true"), tls=trusted.server("models.internal")) as speaker:
        assert _get(monkeypatch, f"https://models.internal:{speaker.port}/") == b"true"
    assert not (tmp_path / "keys.log").exists()


def test_silence_ends_under_tls_too(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    silence = speaking(silent=True, tls=trusted.server("models.internal"))
    with silence as speaker, pytest.raises(UnreachableError, match="in time"):
        _get(monkeypatch, f"https://models.internal:{speaker.port}/", Limits(connect=300, idle=1))
    assert b"Bearer key" in speaker.heard[0]
