"""Attacker: Mallory, who administers her own team and has it connected to a provider that she runs.
Move: the provider calls itself by another's name, or names places that only this server can reach, by itself or by
redirects, or answers without end.
Guarantee: this server goes where the guarded way out lets it, believes a provider only its own name, and reads so much.
"""

import json
from collections.abc import Mapping

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.network.errors import AnswerError, EgressRefusedError, UnreachableError
from muniment.core.network.types import RefusalReason
from muniment.sso.oidc.discovery import discover
from muniment.sso.oidc.errors import ProviderError
from tests.sso.oidc_provider import WELL_KNOWN, OidcProvider
from tests.sso.signing_in import Providing, found, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "named",
    [
        "https://id.example.org",
        "{issuer}/",
        "{issuer}/.",
        "{issuer}/tenants/{tenantid}",
        "{upper}",
        "{issuer}#",
        None,
        7,
        "",
    ],
)
def test_a_provider_by_anothers_name(oidc: Providing, named: object) -> None:
    provider = oidc()
    assert found(provider).issuer == provider.issuer
    said = str(named).replace("{issuer}", provider.issuer).replace("{upper}", provider.issuer.upper())
    provider.metadata["issuer"] = said if isinstance(named, str) else named
    with pytest.raises(ProviderError, match="is named"):
        found(provider)


def test_an_issuer_with_another_ending(oidc: Providing) -> None:
    """The same document is found at both; only one of them is its name."""
    provider = oidc(path="/tenants/7")
    assert discover(provider.issuer, actor=SYSTEM).issuer == provider.issuer
    with pytest.raises(ProviderError, match="is named"):
        discover(f"{provider.issuer}/", actor=SYSTEM)


def test_the_name_in_the_sentence_is_cut_and_visible(oidc: Providing) -> None:
    provider = oidc(metadata={"issuer": "a\u202e\n" + "b" * 5000})
    with pytest.raises(ProviderError) as wrong:
        found(provider)
    assert len(str(wrong.value)) < 500
    assert "\u202e" not in str(wrong.value)


PLACES = ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "javascript:alert(1)//",
        "data:application/json,{}",
        "smtp://127.0.0.1:25",
        "http://id.example.org/",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "https://127.1/",
        "https://0x7f000001/",
        "https://a@b/",
        "https://id.example.org\\@127.0.0.1/",
        "https://id.example.org/#fragment",
        "https://id.example.org/?a=b c",
        "https://id.example.org/?a=\r\nHost: b",
        "//id.example.org/",
        "/keys",
    ],
)
def test_places_that_are_none(oidc: Providing, place: str, address: str) -> None:
    provider = oidc(metadata={place: "https://id.example.org/place?p=1"})
    assert found(provider)
    provider.metadata = {place: address}
    with pytest.raises(ProviderError):
        found(provider)


@pytest.mark.parametrize("address", ["https://127.0.0.1:9443/keys", "https://10.0.0.7/keys", "https://[::1]/keys"])
@pytest.mark.parametrize("place", ["jwks_uri", "token_endpoint"])
def test_places_inside(oidc: Providing, place: str, address: str) -> None:
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    provider.metadata = {place: address}
    with pytest.raises(EgressRefusedError) as refused:
        sign_in(provider)
    assert refused.value.reason is RefusalReason.PRIVATE


def test_an_issuer_inside(oidc: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = oidc()
    assert found(provider)
    with pytest.raises(EgressRefusedError):
        discover("https://127.0.0.1:9443", actor=SYSTEM)
    asked = len(provider.asked)
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", ())
    with pytest.raises(ProviderError, match="MUNIMENT_INTERNAL_HOSTS"):
        found(provider)
    assert len(provider.asked) == asked


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys", "/token"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(oidc: Providing, path: str, status: int) -> None:
    provider, inside = oidc(), oidc()
    assert sign_in(provider).subject == "alice-1"
    provider.raw[path] = (status, "application/json", b"{}", {"Location": f"{inside.address}{path}"})
    with pytest.raises(EgressRefusedError) as refused:
        sign_in(provider)
    assert refused.value.reason is RefusalReason.REDIRECT
    assert inside.asked == []


def _padded(content: Mapping[str, object], size: int) -> bytes:
    return json.dumps(dict(content)).encode().replace(b"{", b"{" + b" " * size, 1)


def _padded_answer(provider: OidcProvider, path: str, size: int) -> tuple[int, str, bytes, dict[str, str]]:
    said = {WELL_KNOWN: provider.published_about_itself(), "/keys": {"keys": provider.published}}
    return 200, "application/json", _padded(said[path], size), {}


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys"])
def test_answers_without_end(oidc: Providing, path: str) -> None:
    provider = oidc()
    provider.raw[path] = _padded_answer(provider, path, 2**19)
    assert sign_in(provider).subject == "alice-1"
    provider.raw[path] = _padded_answer(provider, path, 2**20)
    with pytest.raises(AnswerError, match="1 MiB"):
        sign_in(provider)


def test_an_answer_that_breaks_off(oidc: Providing) -> None:
    provider = oidc()
    assert found(provider)
    provider.raw[WELL_KNOWN] = (200, "application/json", b"{}", {"Content-Length": "9"})
    with pytest.raises(UnreachableError):
        found(provider)
