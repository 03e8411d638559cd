"""Why a service refuses is said in the reader's language on every page, and in English to programs."""

import ast
import copy
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.errors import QuestionError
from muniment.core.clock import now
from muniment.core.errors import MunimentError, Term
from muniment.core.wording import in_words
from muniment.credits.types import month_after, month_of
from muniment.ingest.errors import FOUND, ParseError, Reason
from muniment.ingest.forms import STREAM
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.cast import Person
from tests.chat.conftest import only, stream
from tests.credits.conftest import limit
from tools import texts

LONG = "Why? " * 1000
MASKING = {"act": "save", "mode": "stand_ins", "classes": "person"}
TOO_LONG = "The question is longer than {limit} characters. Shorten it."
LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Hospital")


def reads(person: Person, language: str) -> Client:
    person.user.language = language
    person.user.save(update_fields=["language"])
    return person.client


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There is a role of this name already. Choose another one."),
        ("de", "Es gibt schon eine Rolle mit diesem Namen. Wählen Sie einen anderen."),
    ],
)
def test_a_form_says_it(alice: Person, language: str, sentence: str) -> None:
    sent = {"name": "Archivist", "permission": ["team:agent:create"]}
    assert reads(alice, language).post("/roles/new", sent).status_code == 302
    answer = alice.client.post("/roles/new", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The question is longer than 4,000 characters. Shorten it."),
        ("de", "Die Frage ist länger als 4.000 Zeichen. Kürzen Sie sie."),
    ],
)
def test_a_form_and_a_stream_say_its_number(alice: Person, agent: Agent, language: str, sentence: str) -> None:
    answer = reads(alice, language).post(f"{agent.url}/ask", {"question": LONG})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert only(stream(alice, agent, LONG), "error") == [{"sentence": sentence}]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There may be 100 patterns. Join some with |, or take some out."),
        ("de", "Es kann 100 Muster geben. Verbinden Sie einige mit | oder nehmen Sie einige heraus."),
    ],
)
def test_a_message_says_it(alice: Person, agent: Agent, language: str, sentence: str) -> None:
    sent = MASKING | {"patterns": "\n".join(f"AB{number}" for number in range(101))}
    answer = reads(alice, language).post(f"{agent.url}/safety/masking", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Line 1: This pattern cannot be used: missing ]: [%s{limit}. Patterns follow the RE2 syntax."),
        (
            "de",
            "Zeile 1: Dieses Muster kann nicht verwendet werden: missing ]: [%s{limit}. Muster folgen der Syntax von",
        ),
    ],
)
def test_what_was_typed_is_shown_as_it_was(alice: Person, agent: Agent, language: str, sentence: str) -> None:
    answer = reads(alice, language).post(f"{agent.url}/safety/masking", MASKING | {"patterns": "[%s{limit}"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This file is larger than 1 MB. Split it, or ask the operator."),
        ("de", "Diese Datei ist größer als 1 MB. Teilen Sie sie oder fragen Sie den Betreiber."),
    ],
)
def test_a_page_s_own_script_is_told(alice: Person, agent: Agent, settings: Any, language: str, sentence: str) -> None:
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    named = {"accept": "application/json", "x-document-name": "a.txt"}
    address, body = f"{agent.url}/documents", b"x" * (2**20 + 1)
    answer = reads(alice, language).post(address, body, content_type=STREAM, headers=named)
    assert (answer.status_code, answer.json()) == (413, {"sentence": sentence})


def test_a_month_is_said_as_its_language_writes_it(alice: Person, agent: Agent) -> None:
    limit(alice, queries=0)
    turns, page = month_after(month_of(now())), f"{agent.url}/ask"
    with override("de"):
        german = in_words(MunimentError("{day}", day=turns.date()))
    assert (
        f"Stellen Sie sie wieder ab {german}, 00:00 UTC"
        in reads(alice, "de").post(page, {"question": "Why?"}).content.decode()
    )
    english = f"Ask it again from {turns.day} {turns:%B %Y} on, 00:00 UTC"
    assert english in reads(alice, "en").post(page, {"question": "Why?"}).content.decode()


@LANGUAGES
def test_a_program_reads_english(alice: Person, agent: Agent, settings: Any, language: str) -> None:
    """Attack of chance: a client looks for a word in a sentence that the browser's language decides."""
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    key = create_key(actor=alice.actor, team=alice.team, draft=KeyDraft("Key", KEY_PRESETS[KeyPreset.ALL]))
    headers = {"authorization": f"Bearer {key.token}", "accept-language": language}
    address, body = f"/api/muniment/agents/{agent.pk}/documents?name=a.txt", b"x" * (2**20 + 1)
    large = Client().post(address, body, content_type=STREAM, headers=headers)
    assert (large.status_code, large.json()["detail"]) == (
        413,
        "This file is larger than 1 MB. Split it, or ask the operator.",
    )
    asking = {"model": agent.pk, "messages": [{"role": "user", "content": LONG}]}
    asked = Client().post("/v1/chat/completions", json.dumps(asking), content_type="application/json", headers=headers)
    assert "The question is longer than 4,000 characters. Shorten it." in asked.content.decode()
    for address in (f"/api/muniment/agents/{agent.pk}/nowhere", "/api/v1/nowhere", "/v1/nowhere"):
        nowhere = Client().get(address, headers=headers)
        assert nowhere.status_code == 404
        assert "It was deleted meanwhile, or is not shared with you." in nowhere.content.decode()


def test_what_somebody_typed_is_never_a_format() -> None:
    typed = "{limit} {0.__class__} %s %(limit)s {"
    with_value = MunimentError("There is no host named {host}. Check the address.", host=typed)
    without = QuestionError(typed)
    for error in (with_value, without):
        assert typed in str(error)
    with override("de"):
        assert in_words(with_value) == f"Es gibt keinen Host namens {typed}. Prüfen Sie die Adresse."
        assert in_words(without) == typed
        assert in_words(MunimentError("{host}", host="There is no such agent.")) == "There is no such agent."
        assert in_words(MunimentError("{host}", host=Term("There is no such agent."))) != "There is no such agent."


def test_values_are_written_as_each_language_does() -> None:
    error = MunimentError(
        "{number} {day} {why}", number=12345, day=date(2026, 5, 1), why=QuestionError(TOO_LONG, limit=7)
    )
    assert str(error) == "12,345 1 May 2026 The question is longer than 7 characters. Shorten it."
    with override("en"):
        assert in_words(error) == str(error)
    with override("de"):
        assert in_words(error) == "12.345 1. Mai 2026 Die Frage ist länger als 7 Zeichen. Kürzen Sie sie."
        assert in_words(MunimentError()) == ""


def test_an_error_passed_on_and_a_copy_say_the_same() -> None:
    error = QuestionError(TOO_LONG, limit=4000)
    for one in (MunimentError(error), copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - ours, of now
        assert str(one) == str(error)
        with override("de"):
            assert in_words(one) == "Die Frage ist länger als 4.000 Zeichen. Kürzen Sie sie."


@pytest.mark.parametrize("reason", Reason)
def test_a_kept_reason_is_said_anew(reason: Reason) -> None:
    for found in FOUND if reason is Reason.UNSUPPORTED else [""]:
        error = ParseError(reason, limit=1000, found=found)
        again = ParseError.of_kept(str(error))
        assert again is not None
        assert (again.reason, again.found, str(again)) == (reason, found, str(error))
        with override("de"):
            assert in_words(again) == in_words(ParseError(reason, limit=1000, found=found)) != str(error)
    assert ParseError.of_kept("This file is a cake, which cannot be read here.") is None


def test_no_sentence_with_values_is_put_together() -> None:
    """One that is made of what was typed would be a format of theirs: braces in it would name values of ours."""
    wrong = []
    for file in sorted(Path(texts.PACKAGE).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and texts.is_error(call.func) and call.args and call.keywords:
                first = call.args[-1]
                if isinstance(first, ast.JoinedStr | ast.BinOp) or (
                    isinstance(first, ast.Call)
                    and isinstance(first.func, ast.Attribute)
                    and first.func.attr == "format"
                ):
                    wrong.append(f"{file.name}:{call.lineno}")
    assert wrong == []
