"""Attacker: the author of a document, a person who asks, a model that obeys either. Move: gets personal data past the
first masking, in every way of writing it that another machine would read, into what is sent to a model elsewhere.

Guarantee: G-76. What passes the gate names nobody; what the gate cannot read, or cannot look through, does not go out.
"""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings

from muniment.core.errors import PermanentError
from muniment.core.registries import OutboundMasking, outbound_gates
from muniment.pii import outbound
from muniment.pii.detector import client
from muniment.pii.errors import DetectorDownError, OutboundRefusedError
from muniment.pii.standins import stand_ins
from muniment.pii.types import PROMISED, PiiClass, Selection

KEY = bytes(range(32))
MASKING = OutboundMasking(Selection(terms=("Project Nightjar",)), stand_ins(KEY))

SAID: dict[tuple[PiiClass, str], tuple[str, str]] = {
    (PiiClass.PERSON, "en"): ("The contract was signed by {} on behalf of the council.", "Margaret Holloway"),
    (PiiClass.PERSON, "de"): ("Der Vertrag wurde von {} unterschrieben, im Auftrag der Stadt.", "Jürgen Hollweg"),
    (PiiClass.EMAIL, "en"): ("Write to {} soon.", "peter.holt@example.org"),
    (PiiClass.EMAIL, "de"): ("Schreiben Sie an {}, bitte.", "petra.holt@beispiel.de"),
    (PiiClass.PHONE, "en"): ("Call me on {} tonight.", "+44 20 7946 0958"),
    (PiiClass.PHONE, "de"): ("Rufen Sie an: Tel. {}, bitte.", "089/32168-0815"),
    (PiiClass.ADDRESS, "en"): ("She lives at {}, quietly.", "221B Baker Street"),
    (PiiClass.ADDRESS, "de"): ("Er wohnt in der {}, seit langem.", "Musterstraße 12, 12345 Musterstadt"),
    (PiiClass.IBAN, "en"): ("Pay it to {} today.", "GB29 NWBK 6016 1331 9268 19"),
    (PiiClass.IBAN, "de"): ("Bitte an {} überweisen.", "DE89 3704 0044 0532 0130 00"),
    (PiiClass.CARD, "en"): ("The card is {} of mine.", "4111 1111 1111 1111"),
    (PiiClass.CARD, "de"): ("Die Karte hat die Nummer {} vorne.", "5500 0000 0000 0004"),
    (PiiClass.NATIONAL_ID, "en"): ("His social security number is {} there.", "536-90-4399"),
    (PiiClass.NATIONAL_ID, "de"): ("Die Steuer-ID lautet {} laut Brief.", "36 574 261 809"),
    (PiiClass.PASSPORT, "en"): ("Passport no. {} was shown.", "C01X00T47"),
    (PiiClass.PASSPORT, "de"): ("Reisepass Nr. {} wurde gezeigt.", "C01X00T47"),
    (PiiClass.DRIVING_LICENCE, "en"): ("Her driving licence {} is valid.", "MORGA753116SM9IJ"),
    (PiiClass.DRIVING_LICENCE, "de"): ("Führerscheinnummer {} ist gültig.", "B072RRE2I55"),
    (PiiClass.BIRTH_DATE, "en"): ("She was born on {} in the north.", "3 May 1980"),
    (PiiClass.BIRTH_DATE, "de"): ("Geburtsdatum: {} laut Urkunde.", "03.05.1980"),
    (PiiClass.IP_ADDRESS, "en"): ("It came from {} at night.", "192.0.2.17"),
    (PiiClass.IP_ADDRESS, "de"): ("Es kam von {} in der Nacht.", "2001:db8::ff00:42:8329"),
    (PiiClass.DEVICE_ID, "en"): ("The card says {} below.", "00:1B:44:11:3A:B7"),
    (PiiClass.DEVICE_ID, "de"): ("Die IMEI {} steht unten.", "490154203237518"),
    (PiiClass.LICENCE_PLATE, "en"): ("It was the car {} again.", "AB12 CDE"),
    (PiiClass.LICENCE_PLATE, "de"): ("Das Kennzeichen {} wieder.", "M-AB 1234"),
    (PiiClass.HEALTH_INSURANCE, "en"): ("Her NHS number {} is known.", "943 476 5919"),
    (PiiClass.HEALTH_INSURANCE, "de"): ("Die Versichertennummer {} ist bekannt.", "A123456780"),
    (PiiClass.CREDENTIAL, "en"): ("The password: {} for all.", "hunter2!9x"),
    (PiiClass.CREDENTIAL, "de"): ("Das Passwort: {} für alle.", "Sommer2024!x"),
    (PiiClass.COORDINATES, "en"): ("It lies at {} exactly.", "52.520008, 13.404954"),
    (PiiClass.COORDINATES, "de"): ("Es liegt bei {} genau.", "48.137154, 11.576124"),
    (PiiClass.CUSTOM, "en"): ("We call it {} inside.", "Project Nightjar"),
    (PiiClass.CUSTOM, "de"): ("Wir nennen es {} intern.", "Project Nightjar"),
}


def _messages(*contents: str) -> bytes:
    messages = [{"role": "user", "content": content} for content in contents]
    body = {"model": "large-2", "messages": messages, "temperature": 0.2}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _spread(text: str, sign: str) -> str:
    return "".join(letter + sign if letter.isalnum() else letter for letter in text)


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def _wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in text)


CYRILLIC = str.maketrans("eopacxEOPACX", "\u0435\u043e\u0440\u0430\u0441\u0445\u0415\u041e\u0420\u0410\u0421\u0425")

Disguise = Callable[[str, str], bytes]
DISGUISES: dict[str, Disguise] = {
    "plain": lambda said, secret: _messages(said.format(secret)),
    "in the second message": lambda said, secret: _messages("Answer briefly.", said.format(secret)),
    "escapes of JSON": lambda said, secret: (
        b'{"messages":[{"role":"user","content":"' + _escaped(said.format(secret)).encode() + b'"}]}'
    ),
    "escapes in the text": lambda said, secret: _messages(_escaped(said.format(secret))),
    "JSON in the text": lambda said, secret: _messages(json.dumps({"a": said.format(secret)})),
    "base64": lambda said, secret: _messages("Decode " + _b64(said.format(secret)) + " please."),
    "base64 for addresses": lambda said, secret: _messages(
        base64.urlsafe_b64encode(said.format(secret).encode()).decode().rstrip("=")
    ),
    "base64 in base64": lambda said, secret: _messages(_b64("Decode " + _b64(said.format(secret)))),
    "hex": lambda said, secret: _messages("Read " + said.format(secret).encode().hex() + " please."),
    "percent signs": lambda said, secret: _messages(quote(said.format(secret))),
    "every letter a percent sign": lambda said, secret: _messages(
        "".join(f"%{byte:02X}" for byte in said.format(secret).encode())
    ),
    "percent signs twice": lambda said, secret: _messages(quote(quote(said.format(secret)))),
    "entities": lambda said, secret: _messages("".join(f"&#{ord(letter)};" for letter in said.format(secret))),
    "zero width": lambda said, secret: _messages(_spread(said.format(secret), "\u200b")),
    "tag characters": lambda said, secret: _messages(_spread(said.format(secret), "\U000e0041")),
    "Cyrillic letters": lambda said, secret: _messages(said.format(secret.translate(CYRILLIC))),
    "full width": lambda said, secret: _messages(said.format(_wide(secret))),
    "cut into two messages": lambda said, secret: _messages(*_halves(said.format(secret), secret)),
    "cut into two parts": lambda said, secret: json.dumps(
        {"messages": [{"content": [{"type": "text", "text": half} for half in _halves(said.format(secret), secret)]}]}
    ).encode(),
    "a list to embed": lambda said, secret: json.dumps({"model": "e", "input": [said.format(secret), "x"]}).encode(),
    "a key": lambda said, secret: json.dumps({"messages": [], said.format(secret): "x"}).encode(),
}


def _halves(sentence: str, secret: str) -> tuple[str, str]:
    at = sentence.index(secret) + len(secret) // 2
    return sentence[:at], sentence[at:]


def _read(content: bytes) -> str:
    """What another machine makes of it: everything decoded that can be, letters and digits alone, in small letters.

    The gate's own code is not asked.
    """
    text = " ".join(_strings(json.loads(content)))
    for _ in range(3):
        text = html.unescape(unquote(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)))
        text += "".join(_decoded(piece) for piece in re.findall(r"[A-Za-z0-9+/_-]{8,}", text))
    text = unicodedata.normalize("NFKC", text).translate({after: at for at, after in CYRILLIC.items()})
    return "".join(letter for letter in text if letter.isalnum()).lower()


def _strings(value: Any) -> list[str]:
    """Without the words of the API, which a reader passes over."""
    if isinstance(value, dict):
        keys = [key for key in value if not key.isidentifier()]
        return keys + [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [] if value in {"user", "text", "large-2"} else [str(value)]


def _decoded(piece: str) -> str:
    found = ""
    for decode in (
        bytes.fromhex,
        lambda text: base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=="),
    ):
        try:
            found += " " + decode(piece).decode()
        except ValueError:
            continue
    return found


def _secrets(kind: PiiClass, secret: str) -> list[str]:
    """What must not be read: a name word by word, anything else as a whole."""
    words = secret.split() if kind is PiiClass.PERSON else [secret]
    return ["".join(letter for letter in word if letter.isalnum()).lower() for word in words]


def _passed(content: bytes, masking: OutboundMasking = MASKING) -> bytes:
    for name in outbound_gates:
        content = outbound_gates.get(name)(content, masking=masking)
    return content


def test_each_promised_class_is_tried_in_both_languages() -> None:
    assert set(SAID) == {(kind, language) for kind in PROMISED for language in ("en", "de")}


@pytest.mark.parametrize("case", SAID, ids=lambda case: f"{case[0]}-{case[1]}")
def test_no_disguise_carries_it_out(case: tuple[PiiClass, str]) -> None:
    said, secret = SAID[case]
    leaked = []
    for name, disguise in DISGUISES.items():
        body = disguise(said, secret)
        assert all(one in _read(body) for one in _secrets(case[0], secret)), f"{name} hides it from everybody"
        try:
            passed = _read(_passed(body))
        except OutboundRefusedError:
            assert name == "a key"
            continue
        leaked += [name for one in _secrets(case[0], secret) if one in passed]
    assert leaked == []


SEARCHES: dict[str, Callable[[str], Any]] = {
    "to embed": lambda said: {"model": "e", "input": ["x", said], "dimensions": 8},
    "to rank by": lambda said: {"model": "e", "query": said, "documents": ["x", "y"], "top_n": 2},
    "to be ranked": lambda said: {"model": "e", "query": "x", "documents": ["y", said], "top_n": 2},
    "to be ranked elsewhere": lambda said: {"model": "e", "query": "x", "texts": [said]},
}


@pytest.mark.parametrize("case", [(PiiClass.PERSON, "en"), (PiiClass.PERSON, "de"), (PiiClass.IBAN, "de")])
def test_no_search_carries_it_out(case: tuple[PiiClass, str]) -> None:
    """The bodies that embedding models and rerankers are sent: as many texts as before."""
    said, secret = SAID[case]
    for made in SEARCHES.values():
        body = made(said.format(secret))
        assert all(one in _read(json.dumps(body).encode()) for one in _secrets(case[0], secret))
        passed = _passed(json.dumps(body, ensure_ascii=False).encode())
        assert not any(one in _read(passed) for one in _secrets(case[0], secret))
        after = json.loads(passed)
        assert body.keys() == after.keys()
        assert all(len(one) == len(after[key]) for key, one in body.items() if isinstance(one, list))


def test_what_is_nobodys_passes_as_it_is() -> None:
    body = _messages("Answer from the passages only.", "Member States shall ensure 100 % of it & more: %20, TWFyY2g=.")
    assert _passed(body) == body


def test_stand_ins_are_the_silos_and_stay() -> None:
    body = _messages("It was signed by Margaret Holloway; ask Holloway, or write to peter.holt@example.org.")
    once = _passed(body)
    name = stand_ins(KEY)(PiiClass.PERSON, "Margaret Holloway")
    assert name in once.decode()
    assert once.decode().count(name.split()[1]) == 2
    assert stand_ins(KEY)(PiiClass.EMAIL, "peter.holt@example.org") in once.decode()
    assert _passed(once) == once
    assert b"[PERSON]" in _passed(body, OutboundMasking())


def test_contacts_of_the_organisation_pass() -> None:
    contacts = ("Margaret Holloway", "peter.holt@example.org")
    body = _messages("It was signed by Margaret Holloway and Priya Raman.", "Write to peter.holt@example.org.")
    passed = _passed(body, OutboundMasking(Selection(contacts=contacts), stand_ins(KEY))).decode()
    assert all(contact in passed for contact in contacts)
    assert "Raman" not in passed


def test_the_frame_of_a_request_stays() -> None:
    body = _messages("Ask Margaret Holloway about it.")
    before, after = json.loads(body), json.loads(_passed(body))
    before["messages"][0].pop("content")
    after["messages"][0].pop("content")
    assert before == after


HOSTILE = {
    "no JSON": b"Margaret Holloway",
    "two of one key": b'{"content": "Margaret Holloway", "content": "nobody"}',
    "no UTF-8": b'{"content": "\xff"}',
    "UTF-16": '{"content": "Margaret Holloway"}'.encode("utf-16"),
    "no number": b'{"content": NaN}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "rather deep": b"[" * 500 + b'"Margaret Holloway"' + b"]" * 500,
    "large": b'"' + b"x" * (outbound.LARGEST + 1) + b'"',
    "many": json.dumps(["x"] * 10_000).encode(),
    "a long number": b'{"card": 4111111111111111}',
    "half a character and a name": b'{"content": "\\ud800 Margaret Holloway"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_or_masked_is_refused(body: bytes) -> None:
    with pytest.raises(OutboundRefusedError, match=r"not sent|nothing was sent"):
        _passed(body)
    assert issubclass(OutboundRefusedError, PermanentError)


def test_without_a_detector_nothing_goes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be started. tests/attacks/test_detector_is_struck_down.py kills those that run."""
    (tmp_path / "control.db").touch()
    monkeypatch.setattr(settings, "MUNIMENT_HOME", tmp_path)
    monkeypatch.setattr(settings, "MUNIMENT_DETECTOR_PROCESS", True)
    monkeypatch.setattr(client, "_STARTING", 0.1)
    monkeypatch.setattr("muniment.pii.detector.keeping.is_there", lambda _: True)
    with pytest.raises(DetectorDownError):
        _passed(_messages("Hello."))
