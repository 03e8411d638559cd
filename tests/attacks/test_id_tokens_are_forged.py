"""Attacker: has an account of his own, at the provider or at another one, keys of his own, old tokens of Alice's, and
stands where he can change what the token endpoint says.
Move: an id token that says he is Alice, unsigned, signed by another key, made for somebody else, another day or another
sign-in, or written so that two programs read it differently.
Guarantee: who signs in by OpenID Connect is whom the team's own provider signed for: this server, this sign-in, now.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from muniment.core.clock import now
from muniment.sso.oidc.errors import Refusal, SignInRefusedError
from tests.sso.oidc_keys import SigningKey, b64, compact
from tests.sso.oidc_provider import OMITTED, OidcProvider
from tests.sso.signing_in import Providing, begun_at, finish, sign_in

pytestmark = pytest.mark.django_db


def refused(provider: OidcProvider, *, fresh: bool = False) -> Refusal:
    with pytest.raises(SignInRefusedError) as why:
        sign_in(provider, fresh=fresh)
    return why.value.reason


def seconds(later: float) -> int:
    return int(now().timestamp() + later)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://id.mallory.example"}, Refusal.ISSUER),
        ({"iss": OMITTED}, Refusal.ISSUER),
        ({"iss": ["{issuer}"]}, Refusal.ISSUER),
        ({"iss": "{issuer}/"}, Refusal.ISSUER),
        ({"iss": "{issuer}/tenants/7"}, Refusal.ISSUER),
        ({"aud": "another"}, Refusal.AUDIENCE),
        ({"aud": "Muniment"}, Refusal.AUDIENCE),
        ({"aud": "muniment2"}, Refusal.AUDIENCE),
        ({"aud": []}, Refusal.AUDIENCE),
        ({"aud": OMITTED}, Refusal.AUDIENCE),
        ({"aud": {"muniment": 1}}, Refusal.AUDIENCE),
        ({"aud": ["muniment", "another"]}, Refusal.AUDIENCE),
        ({"aud": ["muniment", "another"], "azp": "another"}, Refusal.AUDIENCE),
        ({"azp": "another"}, Refusal.AUDIENCE),
        ({"azp": None}, Refusal.AUDIENCE),
        ({"nonce": OMITTED}, Refusal.NONCE),
        ({"nonce": ""}, Refusal.NONCE),
        ({"nonce": "of another sign-in"}, Refusal.NONCE),
        ({"nonce": ["of another sign-in"]}, Refusal.NONCE),
        ({"exp": OMITTED}, Refusal.TOKEN),
        ({"exp": "9999999999"}, Refusal.TOKEN),
        ({"exp": True}, Refusal.TOKEN),
        ({"exp": 10**400}, Refusal.TOKEN),
        ({"iat": OMITTED}, Refusal.TOKEN),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, Refusal.ACCESS_TOKEN),
        ({"at_hash": ""}, Refusal.ACCESS_TOKEN),
        ({"at_hash": None}, Refusal.ACCESS_TOKEN),
        ({"sub": ""}, Refusal.SUBJECT),
        ({"sub": OMITTED}, Refusal.SUBJECT),
        ({"sub": 1}, Refusal.SUBJECT),
        ({"sub": "a" * 256}, Refusal.SUBJECT),
        ({"sub": "аlice-1"}, Refusal.SUBJECT),  # noqa: RUF001 - a Cyrillic letter
        ({"sub": "alice-1\n"}, Refusal.SUBJECT),
        ({"sub": "alice-1\x00"}, Refusal.SUBJECT),
    ],
)
def test_claims_that_are_not_for_us(oidc: Providing, claims: dict[str, Any], reason: Refusal) -> None:
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    said = json.dumps({name: value for name, value in claims.items() if value is not OMITTED})
    told = json.loads(said.replace("{issuer}", provider.issuer))
    provider.claims |= {**claims, **told}
    assert refused(provider) is reason


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["muniment"]},
        {"aud": ["muniment", "another"], "azp": "muniment"},
        {"azp": "muniment"},
        {"at_hash": OMITTED},
        {"sub": "a" * 255},
    ],
)
def test_claims_that_are_for_us(oidc: Providing, claims: dict[str, Any]) -> None:
    provider = oidc()
    provider.claims |= claims
    assert sign_in(provider).issuer == provider.issuer


@pytest.mark.parametrize(
    ("claim", "good", "bad", "reason"),
    [
        ("exp", -50, -61, Refusal.EXPIRED),
        ("iat", 50, 90, Refusal.NOT_YET),
        ("nbf", 50, 90, Refusal.NOT_YET),
    ],
)
def test_tokens_of_another_day(oidc: Providing, claim: str, good: int, bad: int, reason: Refusal) -> None:
    provider = oidc()
    provider.claims[claim] = seconds(good)
    assert sign_in(provider).subject == "alice-1"
    provider.claims[claim] = seconds(bad)
    assert refused(provider) is reason


def test_a_token_of_an_earlier_sign_in(oidc: Providing) -> None:
    provider = oidc()
    earlier = begun_at(provider)
    kept = provider.id_token({"nonce": earlier.nonce})
    assert sign_in(provider).subject == "alice-1"
    provider.forge = lambda _header, _claims: kept
    assert refused(provider) is Refusal.NONCE
    assert finish(provider, earlier, provider.sign_in(earlier.address)).subject == "alice-1", (
        "it is good where it belongs"
    )


@pytest.mark.parametrize("auth_time", [-3600, -90, 90, OMITTED, "now", None])
def test_who_did_not_sign_in_anew(oidc: Providing, auth_time: Any) -> None:
    provider = oidc()
    assert sign_in(provider, fresh=True).subject == "alice-1"
    provider.claims["auth_time"] = seconds(auth_time) if isinstance(auth_time, int) else auth_time
    assert refused(provider, fresh=True) in {Refusal.STALE, Refusal.TOKEN}
    assert sign_in(provider).subject == "alice-1", "where it was not asked for, nothing is missing"


@pytest.mark.parametrize("verified", [OMITTED, False, None, "false", "true", "True", 1, ["true"], {"value": True}])
def test_an_address_nobody_verified(oidc: Providing, verified: Any) -> None:
    provider = oidc()
    provider.claims["email_verified"] = True
    assert sign_in(provider).email_verified is True
    provider.claims["email_verified"] = verified
    alice = sign_in(provider)
    assert (alice.email, alice.email_verified) == ("alice@example.org", False)


@pytest.mark.parametrize("email", [OMITTED, None, ["alice@example.org"], 7])
def test_no_address_is_verified(oidc: Providing, email: Any) -> None:
    provider = oidc()
    provider.claims |= {"email": email, "email_verified": True}
    alice = sign_in(provider)
    assert (alice.email, alice.email_verified) == ("", False)


@pytest.mark.parametrize("groups", [OMITTED, "admins", {"admins": True}, ["readers", 7], [["admins"]]])
def test_groups_that_are_no_list_are_none(oidc: Providing, groups: Any) -> None:
    provider = oidc()
    provider.claims["groups"] = ["readers"]
    assert sign_in(provider).groups == ("readers",)
    provider.claims["groups"] = groups
    assert sign_in(provider).groups is None


Change = Callable[[dict[str, Any], dict[str, Any], SigningKey], str]


def _written(header: bytes | None = None, payload: bytes | None = None) -> Change:
    """The token with more bytes behind the first brace of a part, signed as it should be."""

    def made(head: dict[str, Any], claims: dict[str, Any], key: SigningKey) -> str:
        parts = [json.dumps(part).encode() for part in (head, claims)]
        for number, more in enumerate((header, payload)):
            parts[number] = parts[number].replace(b"{", b"{" + more, 1) if more else parts[number]
        return compact(parts[0], parts[1], key.sign)

    return made


def _inside(header: dict[str, Any], claims: dict[str, Any], key: SigningKey) -> str:
    return compact({**header, "cty": "JWT"}, compact(header, claims, key.sign).encode(), key.sign)


def _inside_unsaid(header: dict[str, Any], claims: dict[str, Any], key: SigningKey) -> str:
    return compact(header, compact(header, claims, key.sign).encode(), key.sign)


def _ended(end: str) -> Change:
    return lambda header, claims, key: compact(header, claims, key.sign) + end


@pytest.mark.parametrize(
    "change",
    [
        _written(payload=b'"sub": "mallory-1", '),
        _written(payload=b'"email_verified": true, "email_verified": false, '),
        _written(header=b'"alg": "none", '),
        _written(header=b'"kid": "another", '),
        _written(payload=b'"admin": Infinity, '),
        _written(payload=b'"name": "\\ud800", '),
        _inside,
        _inside_unsaid,
        _ended("="),
        _ended("\n"),
        _ended(".e30.e30"),
        lambda header, _claims, key: compact(header, b"[]", key.sign),
        lambda _header, claims, key: compact(b"[]", claims, key.sign),
        lambda _header, _claims, _key: "",
        lambda _header, _claims, _key: "..",
    ],
)
def test_tokens_that_can_be_read_twice(oidc: Providing, change: Change) -> None:
    provider = oidc()
    provider.forge = lambda header, claims: _written()(header, claims, provider.key)
    assert sign_in(provider).subject == "alice-1"
    provider.forge = lambda header, claims: change(header, claims, provider.key)
    assert refused(provider) is Refusal.TOKEN


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"crit": ["b64"], "b64": True},
        {"b64": False},
        {"typ": "at+jwt"},
        {"typ": "logout+jwt"},
        {"cty": "JWT"},
        {"enc": "A256GCM"},
        {"kid": 7},
    ],
)
def test_heads_that_want_more(oidc: Providing, header: dict[str, Any]) -> None:
    provider = oidc(header={"typ": "jwt"})
    assert sign_in(provider).subject == "alice-1"
    provider.header = header
    assert refused(provider) is Refusal.TOKEN


def test_a_word_of_it_is_changed(oidc: Providing) -> None:
    provider = oidc()
    kept: list[str] = []

    def changed(header: dict[str, Any], claims: dict[str, Any]) -> str:
        kept.append(compact(header, claims, provider.key.sign))
        return kept[-1]

    provider.forge = changed
    assert sign_in(provider).subject == "alice-1"
    provider.forge = lambda header, claims: compact(
        header, {**claims, "sub": "bob-1"}, lambda _: provider.key.sign(b"x")
    )
    assert refused(provider) is Refusal.SIGNATURE
    provider.forge = lambda header, claims: (
        f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}.{kept[-1].rpartition('.')[2]}"
    )
    assert refused(provider) is Refusal.SIGNATURE


def test_a_curve_of_another_size(oidc: Providing) -> None:
    """A key on another curve than its algorithm's is none of its keys."""
    provider = oidc()
    provider.key = provider.ec_key
    assert sign_in(provider).subject == "alice-1"
    other = SigningKey(ec.generate_private_key(ec.SECP384R1()), "ec-1", "ES384")
    provider.published = [other.jwk(alg="ES256")]
    assert refused(provider) is Refusal.KEY
