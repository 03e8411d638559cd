"""A setting that makes no sense, or that is not safe, stops the start with a sentence that names it and the mend."""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

import muniment
from muniment.core.errors import SettingsError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MUNIMENT_"):
            monkeypatch.delenv(name)


def settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, Any]:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(muniment.__file__).parent / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("MUNIMENT_PORT", value) for value in ("http", "0", "65536", "-1", "8000.0")),
        ("MUNIMENT_SEARCH_MEMORY", "15"),
        ("MUNIMENT_SEARCH_MEMORY", "lots"),
        ("MUNIMENT_INTERNAL_HOSTS", "http://models.internal:80,https://models.internal:80"),
        *(
            ("MUNIMENT_NAME_SERVERS", value)
            for value in (
                "dns.example.org",
                "192.0.2.53:0",
                "192.0.2.53:65536",
                "192.0.2.53:dns",
                "127.1",
                "[192.0.2.53]:53",
                "[2001:db8::53",
                "192.0.2.53,192.0.2.54",
                "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4",
            )
        ),
        ("MUNIMENT_UPLOAD_LIMIT", "0"),
        ("MUNIMENT_UPLOAD_LIMIT", "513"),  # ingest.types.Limits.max_bytes: a larger file could not be read
        ("MUNIMENT_EMBEDDING_THREADS", "257"),
        *(("MUNIMENT_METRICS", value) for value in ("yes", "1", "true")),
        ("MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX", "sure"),
        *(
            ("MUNIMENT_BASE_URL", value)
            for value in (
                "muniment.example.org",
                "ftp://muniment.example.org",
                "https://",
                "https://muniment.example.org/below",
                "https://muniment.example.org?x=1",
                "https://muniment.example.org:port",
                "https://[::1",
            )
        ),
    ],
)
def test_nonsense_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(monkeypatch, **{name: value})


def test_what_makes_sense_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = settings(monkeypatch)
    assert plain["MUNIMENT_BASE_URL"].origin == "http://localhost:8000"
    assert (plain["MUNIMENT_HOST"], plain["MUNIMENT_PORT"], plain["MUNIMENT_METRICS"]) == ("127.0.0.1", 8000, False)
    given = settings(
        monkeypatch, MUNIMENT_PORT=" 9000 ", MUNIMENT_METRICS="ON", MUNIMENT_BASE_URL="https://muniment.example.org/"
    )
    assert (given["MUNIMENT_PORT"], given["MUNIMENT_METRICS"]) == (9000, True)
    assert given["MUNIMENT_BASE_URL"].origin == "https://muniment.example.org"


def test_cookies_and_transport_follow_the_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SESSION_COOKIE_SECURE" not in settings(monkeypatch)
    safe = settings(monkeypatch, MUNIMENT_BASE_URL="https://muniment.example.org")
    assert safe["SESSION_COOKIE_SECURE"]
    assert safe["CSRF_COOKIE_SECURE"]
    assert safe["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert safe["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert safe["ALLOWED_HOSTS"] == ["muniment.example.org"]


def test_nothing_can_be_switched_to_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, DEBUG="1", MUNIMENT_DEBUG="on", DJANGO_DEBUG="true")["DEBUG"] is False


def test_keys_lie_beside_the_home_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(monkeypatch, MUNIMENT_HOME="/srv/muniment")
    assert str(given["MUNIMENT_KEYS"]) == "/srv/muniment-keys"


def test_name_servers_are_addresses_with_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch)["MUNIMENT_NAME_SERVERS"] == ()
    given = settings(monkeypatch, MUNIMENT_NAME_SERVERS=" 192.0.2.53 127.0.0.1:5353\t[2001:DB8::53]:54 192.0.2.53:53 ")
    named = [(one.address, one.port) for one in given["MUNIMENT_NAME_SERVERS"]]
    assert named == [("192.0.2.53", 53), ("127.0.0.1", 5353), ("2001:db8::53", 54)]
    bare = settings(monkeypatch, MUNIMENT_NAME_SERVERS="2001:db8::53")["MUNIMENT_NAME_SERVERS"]
    assert [(one.address, one.port) for one in bare] == [("2001:db8::53", 53)]
