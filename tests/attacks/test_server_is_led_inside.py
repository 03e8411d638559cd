"""Attacker: an administrator, a provider, or whoever answers for a name, who wants what only the server can reach.
Move: addresses of this machine and its neighbours in every spelling; a name that resolves to one, beside a public one,
or only at the second look; an answer that leads on to the cloud's metadata; a proxy in the environment.
Guarantee: G-80, nothing is connected to that is not public, unless the operator listed scheme, host and port; each
refusal is in the log.
"""

from collections.abc import Iterator, Sequence

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError

from muniment.audit.models import Outbox
from muniment.core.actors import SYSTEM
from muniment.core.network.addresses import Target, split_address
from muniment.core.network.connecting import Resolver, connect
from muniment.core.network.errors import EgressRefusedError, UnreachableError
from muniment.core.network.http import Request, exchange
from muniment.core.network.types import Purpose, RefusalReason
from muniment.core.registries import egress_rules
from tests.core.speaker import Speaker, answer, speaking

PUBLIC = "93.184.216.34"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loopback"),
    pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning"),
]


@pytest.fixture
def inside() -> Iterator[Speaker]:
    """What only this machine can reach."""
    with speaking(answer(b"secret")) as speaker:
        yield speaker


def _fixed(*addresses: str) -> Resolver:
    return lambda _host, _port: addresses


def _listed(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", tuple(split_address(one)[0] for one in addresses))


def _get(url: str, resolver: Resolver | None = None) -> bytes:
    with exchange(Request("GET", url), actor=SYSTEM, purpose=Purpose.MODEL, resolver=resolver) as response:
        return b"".join(response.body)


def _reasons() -> list[str]:
    kind = b'"installation:connection:refuse"'
    return [
        reason
        for row in Outbox.objects.all()
        if kind in row.body
        for reason in RefusalReason
        if f'"{reason}"'.encode() in row.body
    ]


HOSTS = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"]  # noqa: S104


@pytest.mark.parametrize("host", HOSTS)
def test_an_address_inside_is_refused(inside: Speaker, host: str) -> None:
    with pytest.raises(EgressRefusedError) as refused:
        _get(f"https://{host}:{inside.port}/")
    assert refused.value.reason is RefusalReason.PRIVATE
    assert inside.connections == 0
    assert _reasons() == ["private"]


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("127.0.0.1", PUBLIC), ("::ffff:127.0.0.1",), ("64:ff9b::7f00:1",), ("?",)],
)
def test_a_name_that_leads_inside_is_refused(inside: Speaker, addresses: Sequence[str]) -> None:
    with pytest.raises(EgressRefusedError, match="MUNIMENT_INTERNAL_HOSTS"):
        _get(f"https://models.example.org:{inside.port}/", _fixed(*addresses))
    assert inside.connections == 0


def test_a_name_is_looked_up_once(inside: Speaker) -> None:
    """The second answer would be this machine. What is connected to is what was judged."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(SocketConnectBlockedError, match=PUBLIC):
        _get(f"https://models.example.org:{inside.port}/", lambda _host, _port: next(answers))
    assert next(answers) == ["127.0.0.1"]
    assert inside.connections == 0


def test_in_clear_only_to_what_is_listed(inside: Speaker) -> None:
    with pytest.raises(EgressRefusedError) as refused:
        _get(f"http://models.example.org:{inside.port}/", _fixed(PUBLIC))
    assert refused.value.reason is RefusalReason.UNENCRYPTED


def test_what_the_operator_listed_is_reached(inside: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    _listed(monkeypatch, f"http://127.0.0.1:{inside.port}", f"http://models.internal:{inside.port}")
    assert _get(f"http://127.0.0.1:{inside.port}/v1") == b"secret"
    assert _get(f"http://models.internal:{inside.port}/v1", _fixed("127.0.0.1")) == b"secret"
    assert inside.heard[0].startswith(b"GET /v1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert _reasons() == []


def test_another_port_scheme_or_name_is_not_listed(inside: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    _listed(monkeypatch, f"http://127.0.0.1:{inside.port}")
    for url in (
        f"https://127.0.0.1:{inside.port}",
        f"http://127.0.0.1:{inside.port + 1}",
        f"http://localhost:{inside.port}",
    ):
        with pytest.raises(EgressRefusedError):
            _get(url)
    assert inside.connections == 0


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200", "::ffff:169.254.169.254", "168.63.129.16"],
)
def test_a_listed_name_never_leads_to_metadata(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    _listed(monkeypatch, "http://models.internal:80")
    with pytest.raises(EgressRefusedError):
        _get("http://models.internal/latest", _fixed(address))


def test_metadata_listed_by_its_address_is_the_operators_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    _listed(monkeypatch, "http://169.254.169.254")
    with pytest.raises(SocketConnectBlockedError):
        _get("http://169.254.169.254/")


def test_a_redirect_is_not_followed(inside: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    location = f"Location: http://127.0.0.1:{inside.port}/\r\n"
    for status in ("301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"):
        with speaking(answer(status=status, headers=location)) as leading:
            _listed(monkeypatch, f"http://127.0.0.1:{leading.port}", f"http://127.0.0.1:{inside.port}")
            with pytest.raises(EgressRefusedError) as refused:
                _get(f"http://127.0.0.1:{leading.port}/")
            assert refused.value.reason is RefusalReason.REDIRECT
    assert inside.connections == 0
    assert _reasons() == ["redirect"] * 5


def test_proxies_of_the_environment_are_not_asked(inside: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
    with speaking(answer(b"right")) as right:
        _listed(monkeypatch, f"http://127.0.0.1:{right.port}")
        assert _get(f"http://127.0.0.1:{right.port}/") == b"right"
    assert inside.connections == 0


def test_without_a_record_nothing_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_rules, "_entries", {})
    with pytest.raises(EgressRefusedError) as refused:
        connect(
            Target("https", "models.example.org", 443), actor=SYSTEM, purpose=Purpose.MODEL, resolver=_fixed(PUBLIC)
        )
    assert refused.value.reason is RefusalReason.UNRECORDED


def test_a_host_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(UnreachableError, match="no host named"):
        _get("https://models.example.org/", nothing)
