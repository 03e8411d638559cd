"""A person signs in at a provider: over HTTP, from discovery to who it is."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from muniment.core.actors import SYSTEM
from muniment.core.clock import frozen, now
from muniment.sso.oidc.algorithms import ALGORITHMS
from muniment.sso.oidc.discovery import ClientAuth
from muniment.sso.oidc.errors import ProviderError, ProviderUnavailableError, Refusal, SignInRefusedError
from muniment.sso.oidc.id_token import SignedIn
from muniment.sso.oidc.keys import LIFETIME, PAUSE, Keys
from muniment.sso.oidc.request import SCOPES, take_answer
from muniment.sso.oidc.tokens import exchange_code
from muniment.sso.oidc.userinfo import fetch_userinfo
from tests.sso.oidc_keys import SigningKey, private_key
from tests.sso.oidc_provider import OMITTED, OidcProvider
from tests.sso.signing_in import CALLBACK, Providing, begun_at, credentials, finish, found, sign_in

pytestmark = pytest.mark.django_db


def test_who_it_is_is_what_the_provider_says(oidc: Providing) -> None:
    provider = oidc()
    provider.claims |= {"email_verified": True, "name": "Alice\u202e  Archer", "groups": ["readers"], "dept": 7}
    alice = sign_in(provider)
    assert (alice.issuer, alice.subject) == (provider.issuer, "alice-1")
    assert (alice.email, alice.email_verified) == ("alice@example.org", True)
    assert (alice.name, alice.groups) == ("Alice Archer", ("readers",))
    assert alice.claims["dept"] == 7
    assert provider.asked == [
        *["GET /.well-known/openid-configuration"] * 2,
        "POST /token",
        "GET /keys",
    ]


def test_the_browser_is_sent_with_what_binds_the_answer(oidc: Providing) -> None:
    provider = oidc(metadata={"authorization_endpoint": "https://id.example.org/go?p=b2c"})
    first, second = (begun_at(provider, scopes=[*SCOPES, "groups"], login_hint="a&b@example.org") for _ in "ab")
    sent = parse_qs(urlsplit(first.address).query)
    assert first.address.startswith("https://id.example.org/go?p=b2c&response_type=code&")
    assert sent["scope"] == ["openid email profile groups"]
    assert sent["login_hint"] == ["a&b@example.org"]
    assert sent["redirect_uri"] == [CALLBACK]
    assert (sent["state"], sent["nonce"]) == ([first.state], [first.nonce])
    assert not {"prompt", "max_age"} & sent.keys()
    assert first.verifier not in first.address
    assert len({first.state, first.nonce, first.verifier, second.state, second.nonce, second.verifier}) == 6
    assert not any(secret in repr(first) for secret in (first.state, first.nonce, first.verifier))


@pytest.mark.parametrize("way", ["client_secret_basic", "client_secret_post", "none"])
def test_the_client_proves_itself_as_the_provider_takes_it(oidc: Providing, way: str) -> None:
    provider = oidc(client_auth=way)
    assert sign_in(provider).subject == "alice-1"
    assert ("client_secret" in provider.told[0]) == (way == "client_secret_post")


def test_the_way_of_proving_can_be_set(oidc: Providing) -> None:
    provider = oidc(client_auth="client_secret_post", metadata={"token_endpoint_auth_methods_supported": OMITTED})
    with pytest.raises(SignInRefusedError) as refused:
        sign_in(provider)
    assert refused.value.reason is Refusal.CLIENT
    begun = begun_at(provider)
    assert finish(provider, begun, provider.sign_in(begun.address), auth=ClientAuth.POST).subject == "alice-1"


def test_a_provider_that_takes_no_secret_we_have_is_named(oidc: Providing) -> None:
    provider = oidc(metadata={"token_endpoint_auth_methods_supported": ["private_key_jwt"]})
    with pytest.raises(ProviderError, match="client_secret_basic"):
        sign_in(provider)
    assert "POST /token" not in provider.asked


def test_a_wrong_secret_is_told_without_the_providers_words(oidc: Providing) -> None:
    provider = oidc()
    begun = begun_at(provider)
    wrong = replace(credentials(provider), secret="another")
    with pytest.raises(SignInRefusedError) as refused:
        exchange_code("code", begun=begun, provider=found(provider), credentials=wrong, actor=SYSTEM)
    assert (refused.value.reason, refused.value.said) == (Refusal.CLIENT, "")
    assert "another" not in str(refused.value) + repr(wrong)


def test_a_code_works_once(oidc: Providing) -> None:
    provider = oidc()
    begun = begun_at(provider)
    query = provider.sign_in(begun.address)
    assert finish(provider, begun, query).subject == "alice-1"
    with pytest.raises(SignInRefusedError) as refused:
        finish(provider, begun, query)
    assert refused.value.reason is Refusal.CODE


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_every_algorithm_that_is_trusted_works(oidc: Providing, algorithm: str) -> None:
    """With `at_hash`, whose hash is the algorithm's."""
    provider = oidc(metadata={"id_token_signing_alg_values_supported": [algorithm]})
    provider.key = SigningKey(private_key(algorithm), "one", algorithm)
    provider.published = [provider.key.jwk()]
    assert sign_in(provider).subject == "alice-1"


def test_a_provider_with_one_key_need_not_name_it(oidc: Providing) -> None:
    provider = oidc(header={"kid": OMITTED})
    assert sign_in(provider).subject == "alice-1"
    provider.rotate()
    provider.published.append(provider.rsa_key.jwk())
    with pytest.raises(SignInRefusedError) as refused:
        sign_in(provider)
    assert refused.value.reason is Refusal.KEY


def test_a_new_key_is_fetched_when_a_token_names_it(oidc: Providing) -> None:
    provider = oidc()
    keys = Keys(found(provider), actor=SYSTEM)
    moment = now()
    with frozen(moment):
        sign_in(provider, keys=keys)
        sign_in(provider, keys=keys)
        assert provider.asked.count("GET /keys") == 1
        provider.rotate()
        with pytest.raises(SignInRefusedError) as refused:
            sign_in(provider, keys=keys)
        assert refused.value.reason is Refusal.KEY
        assert provider.asked.count("GET /keys") == 1, "asked at most once in a while"
    with frozen(moment + PAUSE):
        assert sign_in(provider, keys=keys).subject == "alice-1"
        assert provider.asked.count("GET /keys") == 2


def test_a_withdrawn_key_is_forgotten(oidc: Providing) -> None:
    provider = oidc()
    keys = Keys(found(provider), actor=SYSTEM)
    moment = now()
    provider.claims["exp"] = int((moment + 2 * LIFETIME).timestamp())
    with frozen(moment):
        sign_in(provider, keys=keys)
        provider.published = [provider.ec_key.jwk()]
    with frozen(moment + LIFETIME - PAUSE):
        assert sign_in(provider, keys=keys).subject == "alice-1"
    with frozen(moment + LIFETIME), pytest.raises(SignInRefusedError) as refused:
        sign_in(provider, keys=keys)
    assert refused.value.reason is Refusal.KEY


def test_asking_anew_is_asking_for_the_password(oidc: Providing) -> None:
    provider = oidc()
    begun = begun_at(provider, fresh=True)
    sent = parse_qs(urlsplit(begun.address).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])
    query = provider.sign_in(begun.address)
    assert finish(provider, begun, query, fresh_since=begun.begun_at).subject == "alice-1"


def _with_userinfo(provider: OidcProvider) -> SignedIn:
    begun = begun_at(provider)
    known = found(provider)
    code = take_answer(provider.sign_in(begun.address), begun)
    tokens = exchange_code(code, begun=begun, provider=known, credentials=credentials(provider), actor=SYSTEM)
    alice = SignedIn(
        provider.issuer, "alice-1", "", email_verified=False, name="", groups=None, claims=_claims(provider)
    )
    return fetch_userinfo(alice, provider=known, access_token=tokens.access_token, actor=SYSTEM)


def _claims(provider: OidcProvider) -> dict[str, object]:
    return {"iss": provider.issuer, **{name: value for name, value in provider.claims.items() if value is not OMITTED}}


def test_userinfo_adds_what_the_id_token_left_out(oidc: Providing) -> None:
    provider = oidc()
    provider.claims |= {"email": OMITTED, "name": "Alice"}
    provider.userinfo |= {"email": "a@example.org", "email_verified": True, "name": "Other", "groups": ["readers"]}
    alice = _with_userinfo(provider)
    assert (alice.email, alice.email_verified, alice.groups) == ("a@example.org", True, ("readers",))
    assert alice.name == "Alice", "what is signed is not overruled"


def test_userinfo_of_somebody_else_is_refused(oidc: Providing) -> None:
    provider = oidc()
    assert _with_userinfo(provider).subject == "alice-1"
    for subject in ("mallory-1", OMITTED, ["alice-1"], "ALICE-1"):
        provider.userinfo = {"sub": subject} if subject is not OMITTED else {"email": "alice@example.org"}
        with pytest.raises(SignInRefusedError) as refused:
            _with_userinfo(provider)
        assert refused.value.reason is Refusal.SUBJECT


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        ({"email": "alice@example.org", "email_verified": True}, True),
        ({"email": "mallory@example.org", "email_verified": True}, False),
        ({"email_verified": True}, False),
    ],
)
def test_an_address_is_verified_by_who_names_it(oidc: Providing, told: dict[str, object], verified: bool) -> None:
    provider = oidc()
    provider.userinfo |= told
    alice = _with_userinfo(provider)
    assert (alice.email, alice.email_verified) == ("alice@example.org", verified)


def test_a_fault_of_the_provider_is_worth_another_try(oidc: Providing) -> None:
    provider = oidc(raw={"/token": (503, "text/html", b"<h1>secret</h1>", {})})
    with pytest.raises(ProviderUnavailableError) as failed:
        sign_in(provider)
    assert "secret" not in str(failed.value)


def test_a_person_is_in_no_repr(oidc: Providing) -> None:
    alice = sign_in(oidc())
    assert "alice" not in repr(alice)
