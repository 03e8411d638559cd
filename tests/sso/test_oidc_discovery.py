"""What a provider publishes about itself is taken, or told in a sentence of what is wrong with it."""

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.network.errors import UnreachableError
from muniment.sso.oidc.discovery import ClientAuth, Provider, discover
from muniment.sso.oidc.errors import ProviderError, ProviderUnavailableError
from tests.sso.oidc_provider import OMITTED, WELL_KNOWN, OidcProvider
from tests.sso.signing_in import Providing, found, sign_in

pytestmark = pytest.mark.django_db


def _wrong(provider: OidcProvider) -> str:
    with pytest.raises(ProviderError) as wrong:
        found(provider)
    return str(wrong.value)


def test_a_provider_is_found_at_its_issuer(oidc: Providing) -> None:
    provider = oidc()
    assert found(provider) == Provider(
        issuer=provider.issuer,
        authorization_endpoint=f"{provider.issuer}/authorize",
        token_endpoint=f"{provider.issuer}/token",
        jwks_uri=f"{provider.issuer}/keys",
        userinfo_endpoint=f"{provider.issuer}/userinfo",
        end_session_endpoint=f"{provider.issuer}/end",
        algorithms=frozenset({"RS256", "ES256"}),
        client_auth=frozenset({ClientAuth.BASIC}),
        names_itself=True,
    )


@pytest.mark.parametrize("path", ["/tenants/7", "/tenants/7/"])
def test_an_issuer_may_have_a_path(oidc: Providing, path: str) -> None:
    provider = oidc(path=path)
    assert sign_in(provider).issuer == f"{provider.address}{path}"
    assert provider.asked[0] == f"GET {WELL_KNOWN}"


def test_what_is_left_out_has_the_meaning_of_the_standard(oidc: Providing) -> None:
    silent = (
        "userinfo_endpoint",
        "end_session_endpoint",
        "id_token_signing_alg_values_supported",
        "token_endpoint_auth_methods_supported",
        "authorization_response_iss_parameter_supported",
    )
    provider = found(oidc(metadata=dict.fromkeys(silent, OMITTED)))
    assert (provider.userinfo_endpoint, provider.end_session_endpoint) == ("", "")
    assert provider.algorithms == {"RS256"}
    assert provider.client_auth == {ClientAuth.BASIC}
    assert not provider.names_itself


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("value", [OMITTED, None, "", 7, ["https://id.example.org/"]])
def test_an_endpoint_that_is_needed_is_asked_for(oidc: Providing, name: str, value: object) -> None:
    provider = oidc()
    assert found(provider)
    provider.metadata = {name: value}
    assert "names no" in _wrong(provider) or "no address" in _wrong(provider)


@pytest.mark.parametrize("algorithms", [["HS256"], ["none"], [], "RS256", [["RS256"]]])
def test_a_provider_without_an_algorithm_that_is_trusted_is_told_which(oidc: Providing, algorithms: object) -> None:
    provider = oidc()
    assert found(provider)
    provider.metadata = {"id_token_signing_alg_values_supported": algorithms}
    assert "RS256 or ES256" in _wrong(provider)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ((404, "application/json", b"{}", {}), "404"),
        ((200, "text/html", b"<html></html>", {}), "JSON"),
        ((200, "text/plain", b"{}", {}), "JSON"),
        ((200, "application/json", b"[]", {}), "broken JSON"),
        ((200, "application/json", b"{", {}), "broken JSON"),
        ((200, "application/json", b"\xff{}", {}), "broken JSON"),
        ((200, "application/json", b'{"a": NaN}', {}), "broken JSON"),
        ((200, "application/json", b'{"a": "\\ud800"}', {}), "broken JSON"),
        ((200, "application/json", b'{"a":' * 100_000, {}), "broken JSON"),
        ((200, "application/json", b'{"issuer": "a", "issuer": "b"}', {}), "broken JSON"),
    ],
)
def test_an_answer_of_another_kind_is_told(
    oidc: Providing, answer: tuple[int, str, bytes, dict[str, str]], word: str
) -> None:
    provider = oidc()
    assert found(provider)
    provider.raw[WELL_KNOWN] = answer
    assert word in _wrong(provider)


def test_a_fault_is_worth_another_try(oidc: Providing) -> None:
    provider = oidc(raw={WELL_KNOWN: (500, "text/html", b"", {})})
    with pytest.raises(ProviderUnavailableError):
        found(provider)


def test_nobody_there_is_told(oidc: Providing) -> None:
    provider = oidc()
    address = provider.issuer
    provider.close()
    with pytest.raises(UnreachableError):
        discover(address, actor=SYSTEM)


@pytest.mark.parametrize(
    "address",
    [
        "http://id.example.org",
        "id.example.org",
        "https://id.example.org?tenant=7",
        "https://id.example.org/#a",
        "https://alice@id.example.org",
        "smtps://id.example.org",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_goes_out(loopback: None, address: str) -> None:
    assert settings.MUNIMENT_INTERNAL_HOSTS == ()
    with pytest.raises(ProviderError):
        discover(address, actor=SYSTEM)
