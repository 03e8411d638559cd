"""A security key made of Python: what an authenticator answers in WebAuthn (level 2, sections 6.1 and 6.5), so that any
field of it can be forged."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.http import HttpResponse
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from tests.accounts.second_factors import confirm
from tests.cast import Person

ORIGIN = "http://localhost:8000"
NEW = "/profile/passkeys/new"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SecurityKey:
    counter: int = 0
    origin: str = ORIGIN
    host: str = "localhost"
    verifies: bool = True
    handle: bytes = field(default_factory=lambda: token_bytes(32))
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    person: str | None = None

    def creates(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        self.person = asked["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        attested = bytes(16) + len(self.handle).to_bytes(2, "big") + self.handle + public
        data = self._data(ATTESTED) + attested
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(attestationObject=websafe_encode(statement), clientDataJSON=websafe_encode(client))

    def shows(self, options: dict[str, Any]) -> str:
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data()
        signature = self.private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            authenticatorData=websafe_encode(data),
            clientDataJSON=websafe_encode(client),
            signature=websafe_encode(signature),
            userHandle=self.person,
        )

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, act: str, challenge: str) -> bytes:
        return json.dumps({"type": act, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: str | None) -> str:
        identifier = websafe_encode(self.handle)
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": response})


def registered(person: Person, name: str = "Blue key", **made: Any) -> SecurityKey:
    """Through the pages, in the person's own browser."""
    confirm(person.client)
    key = SecurityKey(**made)
    page = add(person.client, key, name)
    assert page.status_code in {200, 302}, page.content
    return key


def add(client: Client, key: SecurityKey, name: str = "Blue key") -> HttpResponse:
    options = json.loads(client.get(NEW).context["options"])
    return client.post(NEW, {"name": name, "answer": key.creates(options)})


def options(client: Client) -> dict[str, Any]:
    return dict(client.post("/passkey/options").json())


def sign_in_with(key: SecurityKey, client: Client | None = None) -> HttpResponse:
    client = client or Client()
    return client.post("/sign-in/passkey", {"answer": key.shows(options(client))})


def second_step_with(key: SecurityKey, client: Client, **given: str) -> HttpResponse:
    return client.post("/sign-in/second-step", {"answer": key.shows(options(client)), **given})
