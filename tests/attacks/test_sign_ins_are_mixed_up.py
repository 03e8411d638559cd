"""Attacker: Mallory, who runs a provider of her own that a team has connected, has a code of her own at Alice's, or
makes links for Alice's browser.
Move: has an answer of one sign-in, one provider or one browser taken for another's.
Guarantee: an answer is taken by the sign-in it belongs to, from the provider that was asked; code and tokens go to
nobody else, and nothing that a link says is shown before that is sure.
"""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from muniment.core.actors import SYSTEM
from muniment.sso.oidc.errors import LONGEST, Refusal, SignInRefusedError
from muniment.sso.oidc.request import Begun, take_answer
from muniment.sso.oidc.tokens import exchange_code
from muniment.sso.oidc.userinfo import fetch_userinfo
from tests.sso.oidc_provider import OMITTED, OidcProvider
from tests.sso.signing_in import Providing, begun_at, credentials, finish, found, sign_in

pytestmark = pytest.mark.django_db


def _taken(query: str, begun: Begun) -> SignInRefusedError:
    with pytest.raises(SignInRefusedError) as refused:
        take_answer(query, begun)
    return refused.value


def _query(begun: Begun, **changed: object) -> str:
    said = {"code": "c", "state": begun.state, "iss": begun.issuer, **changed}
    return urlencode({name: value for name, value in said.items() if value is not OMITTED})


@pytest.fixture
def provider(oidc: Providing) -> OidcProvider:
    return oidc()


@pytest.mark.parametrize("state", [OMITTED, "", "of somebody else", "ü"])
def test_the_state_of_another(provider: OidcProvider, state: object) -> None:
    begun, anothers = begun_at(provider), begun_at(provider)
    assert take_answer(_query(begun), begun) == "c"
    assert _taken(_query(begun, state=state), begun).reason is Refusal.STATE
    assert _taken(_query(anothers), begun).reason is Refusal.STATE


def test_another_provider_answers(oidc: Providing, provider: OidcProvider) -> None:
    """RFC 9207: Alice began at hers; Mallory's has her sent back with its own name, or with none."""
    mallorys = oidc()
    begun = begun_at(provider)
    assert take_answer(_query(begun), begun) == "c"
    for named in (mallorys.issuer, f"{provider.issuer}/", provider.issuer.upper(), "", OMITTED):
        assert _taken(_query(begun, iss=named), begun).reason is Refusal.ISSUER
    assert _taken(_query(begun, iss=mallorys.issuer, error="access_denied"), begun).reason is Refusal.ISSUER


def test_a_provider_that_does_not_name_itself_names_no_other(provider: OidcProvider) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = OMITTED
    begun = begun_at(provider)
    assert take_answer(_query(begun, iss=OMITTED), begun) == "c"
    assert take_answer(_query(begun), begun) == "c"
    assert _taken(_query(begun, iss="https://id.mallory.example"), begun).reason is Refusal.ISSUER


def test_a_code_goes_to_the_provider_that_was_asked(oidc: Providing, provider: OidcProvider) -> None:
    mallorys = oidc()
    begun = begun_at(provider)
    code = take_answer(provider.sign_in(begun.address), begun)
    with pytest.raises(SignInRefusedError) as refused:
        exchange_code(code, begun=begun, provider=found(mallorys), credentials=credentials(provider), actor=SYSTEM)
    assert refused.value.reason is Refusal.ISSUER
    assert mallorys.told == []
    assert exchange_code(
        code, begun=begun, provider=found(provider), credentials=credentials(provider), actor=SYSTEM
    ).id_token


def test_the_code_of_another_sign_in(provider: OidcProvider) -> None:
    """Mallory's code in Alice's browser, or Alice's stolen code in Mallory's: the verifier is another."""
    alices, mallorys = begun_at(provider), begun_at(provider)
    stolen = take_answer(provider.sign_in(alices.address), alices)
    with pytest.raises(SignInRefusedError) as refused:
        finish(provider, mallorys, _query(mallorys, code=stolen))
    assert refused.value.reason is Refusal.CODE
    again = begun_at(provider)
    assert finish(provider, again, provider.sign_in(again.address)).subject == "alice-1"


def test_the_code_of_another_sign_in_where_nobody_checks_the_verifier(provider: OidcProvider) -> None:
    """Then the nonce does."""
    alices, mallorys = begun_at(provider), begun_at(provider)
    stolen = take_answer(provider.sign_in(alices.address), alices)
    with pytest.raises(SignInRefusedError) as refused:
        finish(provider, replace(mallorys, verifier=alices.verifier), _query(mallorys, code=stolen))
    assert refused.value.reason is Refusal.NONCE


def test_the_same_person_at_another_provider_is_another(oidc: Providing, provider: OidcProvider) -> None:
    alice, double = sign_in(provider), sign_in(oidc())
    assert alice.subject == double.subject
    assert (alice.issuer, alice.subject) != (double.issuer, double.subject)
    asked = len(provider.asked)
    known = found(provider)
    with pytest.raises(SignInRefusedError) as refused:
        fetch_userinfo(double, provider=known, access_token="of the double", actor=SYSTEM)
    assert refused.value.reason is Refusal.ISSUER
    assert "GET /userinfo" not in provider.asked[asked:], "nobody else is told the access token"


@pytest.mark.parametrize(
    "more",
    ["&state=another", "&code=another", "&iss=another", "&code=c", "&a=" * 40, "&a=" + "b" * 9000],
)
def test_an_answer_that_can_be_read_twice(provider: OidcProvider, more: str) -> None:
    begun = begun_at(provider)
    assert take_answer(f"{_query(begun)}&session_state=1&a=", begun) == "c"
    assert _taken(_query(begun) + more, begun).reason is Refusal.ANSWER
    assert _taken(f"{more[1:]}&{_query(begun)}", begun).reason is Refusal.ANSWER


@pytest.mark.parametrize("code", [OMITTED, ""])
def test_an_answer_without_a_code(provider: OidcProvider, code: object) -> None:
    begun = begun_at(provider)
    assert _taken(_query(begun, code=code), begun).reason is Refusal.ANSWER


def test_words_in_a_link_are_shown_to_nobody(provider: OidcProvider) -> None:
    begun = begun_at(provider)
    told = {"error": "access_denied", "error_description": "Call 555-0100"}
    assert _taken(_query(begun, **told), begun).said == "Call 555-0100"
    assert _taken(_query(begun, **told, state="guessed"), begun).said == ""
    assert _taken(_query(begun, **told, iss="https://id.mallory.example"), begun).said == ""


def test_the_providers_words_stay_words(provider: OidcProvider) -> None:
    begun = begun_at(provider)
    for said in ("<script>alert(1)</script>", "a\u202eb\x00c\nd" + "e" * 5000):
        refused = _taken(_query(begun, error="access_denied", error_description=said, code=OMITTED), begun)
        assert refused.reason is Refusal.DENIED
        assert refused.said not in str(refused), "our sentence is ours alone"
        assert len(refused.said) <= LONGEST
    assert refused.said.startswith("abc de")


def test_an_access_token_that_writes_headers(provider: OidcProvider) -> None:
    assert sign_in(provider).subject == "alice-1"
    id_token = provider.id_token({"nonce": "n"})
    for tokens in (
        f'{{"id_token": "{id_token}", "access_token": "a\\r\\nX-Admin: 1", "token_type": "Bearer"}}',
        f'{{"id_token": "{id_token}", "access_token": "a", "token_type": "mac"}}',
        f'{{"id_token": "{id_token}", "access_token": ["a"], "token_type": "Bearer"}}',
        '{"id_token": null, "access_token": "a", "token_type": "Bearer"}',
        "{}",
    ):
        provider.raw["/token"] = (200, "application/json", tokens.encode(), {})
        with pytest.raises(SignInRefusedError) as refused:
            sign_in(provider)
        assert refused.value.reason is Refusal.ANSWER
