"""Attacker: knows the provider's public keys, has keys of his own, and changes what the token endpoint says.
Move: a token without a signature, one whose "secret" is a public key, one that brings its own key along or says where
to fetch it, one by a key that the provider published for something else.
Guarantee: an id token counts by a signature of a key that the provider publishes for signing, of a trusted algorithm,
and by nothing else; what a token says of keys is never looked up.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from muniment.core.actors import SYSTEM
from muniment.sso.oidc.errors import Refusal, SignInRefusedError
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.signature import verified
from tests.sso.oidc_keys import SigningKey, b64, compact, rsa
from tests.sso.oidc_provider import OMITTED, OidcProvider
from tests.sso.signing_in import Providing, found, sign_in

pytestmark = pytest.mark.django_db
MALLORYS = SigningKey(rsa(2), "mallory-1")


def _refused(provider: OidcProvider) -> Refusal:
    with pytest.raises(SignInRefusedError) as why:
        sign_in(provider)
    return why.value.reason


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "none ", "", None, ["none"], 0, OMITTED])
@pytest.mark.parametrize("signature", [b"", b"anything"])
def test_nobody_signed(oidc: Providing, algorithm: Any, signature: bytes) -> None:
    """The provider says itself that it supports `none`; some do."""
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    provider.header = {"alg": algorithm}
    provider.forge = lambda header, claims: compact(header, claims, lambda _: signature)
    assert _refused(provider) is Refusal.ALGORITHM


def _pem(key: SigningKey) -> bytes:
    return bytes(key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _der(key: SigningKey) -> bytes:
    return bytes(key.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _jwk(key: SigningKey) -> bytes:
    return json.dumps(key.jwk()).encode()


def _modulus(key: SigningKey) -> bytes:
    return str(key.jwk()["n"]).encode()


@pytest.mark.parametrize("secret", [_pem, _der, _jwk, _modulus, lambda _: b""])
@pytest.mark.parametrize(("algorithm", "digest"), [("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")])
def test_the_public_key_is_the_secret(
    oidc: Providing, secret: Callable[[SigningKey], bytes], algorithm: str, digest: str
) -> None:
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    key = secret(provider.rsa_key)
    provider.header = {"alg": algorithm}
    provider.forge = lambda header, claims: compact(header, claims, lambda said: hmac.digest(key, said, digest))
    assert _refused(provider) is Refusal.ALGORITHM


def test_a_shared_secret_is_published_as_a_key(oidc: Providing) -> None:
    provider = oidc(metadata={"id_token_signing_alg_values_supported": ["RS256", "HS256"]})
    assert sign_in(provider).subject == "alice-1"
    secret = b"k" * 32
    for algorithm, reason in (("HS256", Refusal.ALGORITHM), ("RS256", Refusal.KEY)):
        provider.published = [{"kty": "oct", "k": b64(secret), "kid": "oct-1", "use": "sig", "alg": algorithm}]
        provider.header = {"alg": algorithm, "kid": "oct-1"}
        provider.forge = lambda header, claims: compact(
            header, claims, lambda said: hmac.digest(secret, said, "sha256")
        )
        assert _refused(provider) is reason


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "kid"])
@pytest.mark.parametrize(("kid", "reason"), [("rsa-1", Refusal.SIGNATURE), ("mallory-1", Refusal.KEY)])
def test_a_token_brings_its_own_key(oidc: Providing, name: str, kid: str, reason: Refusal) -> None:
    provider, mallorys = oidc(), oidc()
    mallorys.key, mallorys.published = MALLORYS, [MALLORYS.jwk()]
    assert sign_in(mallorys).subject == "alice-1", "where it is published, the key is good"
    mallorys.asked.clear()
    provider.header = {
        "jwk": {"jwk": MALLORYS.jwk()},
        "jku": {"jku": f"{mallorys.address}/keys"},
        "x5u": {"x5u": f"{mallorys.address}/keys"},
        "x5c": {"x5c": [b64(_der(MALLORYS))]},
        "kid": {},
    }[name] | {"kid": kid}
    provider.forge = lambda header, claims: compact(header, claims, MALLORYS.sign)
    assert _refused(provider) is reason
    assert mallorys.asked == []
    provider.forge = lambda header, claims: compact({**header, "kid": "rsa-1"}, claims, provider.key.sign)
    assert sign_in(provider).subject == "alice-1", "such a head takes nothing from a good signature"


@pytest.mark.parametrize(
    ("changed", "good"),
    [
        ({"use": "enc"}, {"use": "sig"}),
        ({"key_ops": ["encrypt"]}, {"key_ops": ["verify"]}),
        ({"key_ops": "verify"}, {"key_ops": ["sign", "verify"]}),
        ({"alg": "RSA-OAEP"}, {"alg": "RS256"}),
        ({"alg": "PS256"}, {}),
        ({"kid": "another"}, {}),
        ({"kid": ["rsa-1"]}, {}),
        ({"kty": "EC"}, {}),
        ({"n": 7}, {}),
        ({"n": ""}, {}),
        ({"n": b64(b"\xff" * 2048)}, {}),  # 16,384 bits
        ({"e": b64(b"\xff" * 32)}, {}),
    ],
)
def test_a_key_for_something_else(oidc: Providing, changed: dict[str, Any], good: dict[str, Any]) -> None:
    provider = oidc()
    provider.published = [provider.rsa_key.jwk(**good)]
    assert sign_in(provider).subject == "alice-1"
    provider.published = [provider.rsa_key.jwk(**changed)]
    assert _refused(provider) is Refusal.KEY


def test_two_keys_of_one_name(oidc: Providing) -> None:
    """Of two types they may be (RFC 7517, section 4.5)."""
    provider = oidc()
    provider.published = [provider.rsa_key.jwk(), {**provider.ec_key.jwk(kid="rsa-1"), "alg": "RS256"}]
    assert sign_in(provider).subject == "alice-1"
    provider.published = [provider.rsa_key.jwk(), MALLORYS.jwk(kid="rsa-1")]
    assert _refused(provider) is Refusal.KEY


def test_a_key_that_is_too_short(oidc: Providing) -> None:
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    provider.key = SigningKey(generate_private_key(65537, 1024), "short")  # noqa: S505 - that is the attack
    provider.published = [provider.key.jwk()]
    assert _refused(provider) is Refusal.KEY


def test_an_algorithm_the_provider_does_not_use(oidc: Providing) -> None:
    provider = oidc(metadata={"id_token_signing_alg_values_supported": ["RS256"]})
    assert sign_in(provider).subject == "alice-1"
    provider.key = provider.ec_key
    assert _refused(provider) is Refusal.ALGORITHM


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_provider_that_was_kept_with_more(oidc: Providing, algorithm: str) -> None:
    """Whatever a caller takes for the provider's algorithms, only those that are trusted count."""
    provider = oidc()
    known = replace(found(provider), algorithms=frozenset({"RS256", algorithm}))
    keys = Keys(known, actor=SYSTEM)
    good = provider.id_token({"nonce": "n"})
    assert verified(good, keys=keys, algorithms=known.algorithms).algorithm == "RS256"
    forged = compact({"alg": algorithm, "kid": "rsa-1"}, {"sub": "alice-1"}, lambda _: b"anything")
    with pytest.raises(SignInRefusedError) as refused:
        verified(forged, keys=keys, algorithms=known.algorithms)
    assert refused.value.reason is Refusal.ALGORITHM


def test_the_private_key_is_published_too(oidc: Providing) -> None:
    """Only its public half is taken in: nothing here holds what could sign."""
    provider = oidc()
    private = provider.rsa_key.private.private_numbers()
    provider.published = [provider.rsa_key.jwk(d=b64(private.d.to_bytes(256, "big")), p="AA")]
    assert sign_in(provider).subject == "alice-1"


def test_a_hash_is_no_signature(oidc: Providing) -> None:
    provider = oidc()
    assert sign_in(provider).subject == "alice-1"
    provider.forge = lambda header, claims: compact(header, claims, lambda said: hashlib.sha256(said).digest() * 8)
    assert _refused(provider) is Refusal.SIGNATURE
