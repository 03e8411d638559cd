"""Attacker: a program that changes a good response anywhere, again and again, or asks with its ciphertext as an oracle.
Move: bytes flipped, elements dropped, doubled and moved. Guarantee: what is still taken says what the provider said.
"""

import base64
import random
from copy import deepcopy
from typing import Any

import pytest
from lxml import etree
from xmlsec import constants

from muniment.sso.saml.errors import AssertionRefusedError, Refusal
from muniment.sso.saml.parsing import SAML, XENC
from muniment.sso.saml.response import read_response
from muniment.sso.saml.types import SignedIn
from tests.sso.provider import NOW, Answer, Provider, assertion_in, encoded, encrypt, expected, key_pair

PROVIDER = Provider()
WAYS: list[dict[str, Any]] = [
    {"signed": ("assertion",)},
    {"signed": ("response",)},
    {"signed": ("assertion", "response")},
    {"signed": ("assertion",), "encrypted": True, "cipher": constants.TransformAes128Cbc},
]


def read(field: str) -> SignedIn | Refusal:
    try:
        return read_response(field, expected=expected(), now=NOW)
    except AssertionRefusedError as error:
        return error.reason


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_bytes_are_flipped(way: dict[str, Any]) -> None:
    good = base64.b64decode(PROVIDER.response(**way))
    said = read(encoded(good))
    assert isinstance(said, SignedIn)
    chance = random.Random(1)  # noqa: S311 - the same every time
    refused = 0
    times = 100 if way.get("encrypted") else 400  # our own key is read anew each time
    for _ in range(times):
        data = bytearray(good)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        found = read(encoded(bytes(data)))
        refused += isinstance(found, Refusal)
        assert found == said or isinstance(found, Refusal)
    assert refused > times / 2


@pytest.mark.parametrize("way", WAYS[:3], ids=str)
def test_elements_are_dropped_doubled_and_moved(way: dict[str, Any]) -> None:
    good = base64.b64decode(PROVIDER.response(**way))
    said = read(encoded(good))
    assert isinstance(said, SignedIn)
    chance = random.Random(2)  # noqa: S311 - the same every time
    for _ in range(400):
        root = etree.fromstring(good)
        for _ in range(chance.choice((1, 1, 2, 3))):
            _change(root, chance)
        found = read(encoded(root))
        assert found == said or isinstance(found, Refusal)


def _change(root: etree._Element, chance: random.Random) -> None:
    everything = list(root.iter())
    one, other = chance.choice(everything[1:]), chance.choice(everything)
    parent = one.getparent()
    assert parent is not None
    match chance.randrange(4):
        case 0:
            parent.remove(one)
        case 1:
            one.addnext(deepcopy(one))
        case 2:
            other.insert(0, deepcopy(one))
        case 3:
            one.text = "anna@acme.example"


def test_a_signed_assertion_of_another_person_takes_nobodys_place() -> None:
    """Every element of one good response is put in place of its like in another."""
    mine = base64.b64decode(PROVIDER.response(Answer(name_id="mallory@acme.example")))
    hers = etree.fromstring(base64.b64decode(Provider("mallory").response(Answer(name_id="anna@acme.example"))))
    for position, replacement in enumerate(list(hers.iter())[1:], start=1):
        root = etree.fromstring(mine)
        old = list(root.iter())[position]
        parent = old.getparent()
        assert parent is not None
        parent.replace(old, deepcopy(replacement))
        found = read(encoded(root))
        assert isinstance(found, Refusal) or found.name_id == "mallory@acme.example"


def _encrypted(**ways: Any) -> etree._Element:
    root = PROVIDER.response_element()
    PROVIDER.sign(assertion_in(root))
    encrypt(root, **ways)
    return root


def test_pkcs1_key_transport() -> None:
    assert read(encoded(_encrypted(transport=constants.TransformRsaPkcs1))) is Refusal.ALGORITHM
    assert isinstance(read(encoded(_encrypted())), SignedIn)


def test_other_ciphers() -> None:
    root = _encrypted()
    next(root.iter(f"{XENC}EncryptionMethod")).set("Algorithm", "http://www.w3.org/2001/04/xmlenc#tripledes-cbc")
    assert read(encoded(root)) is Refusal.ALGORITHM


def test_ciphertext_that_lies_elsewhere_is_not_fetched() -> None:
    """pytest-socket would stop the connection; here nothing is even tried."""
    root = _encrypted()
    data = next(root.iter(f"{XENC}CipherData"))
    data.remove(data[0])
    etree.SubElement(data, f"{XENC}CipherReference", URI="http://169.254.169.254/latest")
    assert read(encoded(root)) is Refusal.SHAPE


def test_a_second_key_beside_the_one() -> None:
    root = _encrypted()
    around, carried = root.find(f"{SAML}EncryptedAssertion"), next(root.iter(f"{XENC}EncryptedKey"))
    assert around is not None
    around.append(deepcopy(carried))
    assert read(encoded(root)) is Refusal.SHAPE


def test_encrypted_to_somebody_else_or_with_nothing_to_open_it() -> None:
    assert read(encoded(_encrypted(certificate=key_pair("third").certificate))) is Refusal.DECRYPTION
    with pytest.raises(AssertionRefusedError) as caught:
        read_response(encoded(_encrypted()), expected=expected(private_key=None), now=NOW)
    assert caught.value.reason is Refusal.DECRYPTION


@pytest.mark.parametrize("cipher", [constants.TransformAes128Cbc, constants.TransformAes256Gcm])
def test_a_changed_ciphertext_gets_one_answer(cipher: object) -> None:
    """Bad padding, bad XML, a bad signature inside: who changes the ciphertext does not learn which."""
    good = _encrypted(cipher=cipher)
    values = list(good.iter(f"{XENC}CipherValue"))
    chance = random.Random(3)  # noqa: S311 - the same every time
    assert isinstance(read(encoded(good)), SignedIn)
    answers = set()
    for value in values:
        kept = value.text
        raw = base64.b64decode(kept or "")
        for _ in range(30):
            changed = bytearray(raw)
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            value.text = base64.b64encode(bytes(changed)).decode()
            answers.add(read(encoded(good)))
        value.text = kept
    assert answers == {Refusal.DECRYPTION}


def test_two_encrypted_assertions() -> None:
    root = _encrypted()
    around = root.find(f"{SAML}EncryptedAssertion")
    root.append(deepcopy(around))
    assert read(encoded(root)) is Refusal.ASSERTION_COUNT


def test_another_signed_by_nobody_beside_the_encrypted_one() -> None:
    root = _encrypted()
    root.append(assertion_in(PROVIDER.response_element(Answer(name_id="anna@acme.example", assertion_id="_forged"))))
    assert read(encoded(root)) is Refusal.ASSERTION_COUNT


def test_an_encrypted_forgery() -> None:
    """Everybody has our certificate, and can encrypt to it."""
    for who in (Provider("mallory"), None):
        root = PROVIDER.response_element()
        if who:
            who.sign(assertion_in(root))
        encrypt(root)
        assert read(encoded(root)) is Refusal.DECRYPTION
