"""`muniment ask`: one question, answered on the terminal or as JSON."""

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import click

from muniment.chat.services import ask as ask_agent
from muniment.chat.types import AskEvent, Citation, Finished, Found, Heard, Said, as_text
from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.errors import TransientError
from muniment.ingest.selectors import names
from muniment.retrieval.types import Passage

_NOTED: dict[type[AskEvent], str] = {Found: "found", Said: "first_sentence", Finished: "total"}
_REFUSAL = "This is not in my documents."


@dataclass
class _Timed(Heard):
    """Times in milliseconds since it was asked."""

    began: float = field(default_factory=time.perf_counter)
    timings: dict[str, float] = field(default_factory=dict)

    def hear(self, event: AskEvent) -> None:
        super().hear(event)
        if noted := _NOTED.get(type(event)):
            self._note(noted)

    def _note(self, what: str) -> None:
        self.timings.setdefault(what, round((time.perf_counter() - self.began) * 1000, 1))


@click.command(cls=Prepared)
@click.argument("agent")
@click.argument("question")
@click.option("--conversation", metavar="ID", help="Go on with this conversation, for follow-up questions.")
@click.option("--quote", "quoting", is_flag=True, help="Answer with quotes, although the agent has a model.")
@team_option
@json_option
def ask(*, agent: str, question: str, conversation: str | None, quoting: bool, team: str | None, as_json: bool) -> None:
    """Ask AGENT (id or name) a question. The owners of its team see that the operator asked.

    With - for QUESTION it is read from standard input: other users of this machine can see what a command was given.

    With --json: answer, citations (document, page, start, end, quote), grounded, refused, timings in milliseconds.
    """
    actor = operator(team)
    found = find_agent(actor, agent)
    asked = sys.stdin.read() if question == "-" else question
    heard = _Timed()
    for event in ask_agent(actor=actor, agent=found, question=asked, conversation=conversation, quoting=quoting):
        heard.hear(event)
    documents = {one.document for one in heard.citations().values()} | {one.document for one in heard.nearest}
    named = names(actor, found, documents)
    if as_json:
        click.echo(json.dumps(_as_json(heard, named), ensure_ascii=False))
    else:
        _show(heard, named)
    if heard.unavailable:
        raise TransientError(f"{heard.unavailable} To have quotes instead: --quote")


def _as_json(heard: _Timed, named: dict[str, str]) -> dict[str, Any]:
    sentences = [said.sentence for said in heard.said]
    return {
        "answer": as_text(sentences) if sentences or heard.unavailable else _REFUSAL,
        "citations": [
            {"number": number, **_place(one, named), "quote": one.quote} for number, one in heard.citations().items()
        ],
        "grounded": bool(sentences) and all(sentence.citations for sentence in sentences),
        "refused": heard.refused,
        "nearest": [
            {"document": named.get(one.document, ""), "page": one.page, "text": _words(one)} for one in heard.nearest
        ],
        "unavailable": heard.unavailable,
        "searched_for": heard.searched_for,
        "conversation": heard.conversation,
        "timings": heard.timings,
    }


def _place(citation: Citation, named: dict[str, str]) -> dict[str, Any]:
    """`start` and `end` count characters of the document's extracted text."""
    return {
        "document": named.get(citation.document, ""),
        "document_id": citation.document,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
    }


def _words(passage: Passage) -> str:
    """The parts of a passage overlap: each adds what the one before it did not hold."""
    text, end = "", passage.start
    for part in passage.parts:
        text += ("\n" if part.start > end else "") + part.text[max(0, end - part.start) :]
        end = max(end, part.end)
    return text


def _show(heard: _Timed, named: dict[str, str]) -> None:
    if heard.unavailable and not heard.said:
        return
    if heard.refused or not heard.said:
        click.echo(_REFUSAL)
        for passage in heard.nearest:
            click.echo(f"\nNearest, in {named.get(passage.document, '')}:\n{_words(passage)}")
        return
    for index, said in enumerate(heard.said):
        marks = "".join(f"[{number}]" for number in said.numbers)
        click.echo(
            ("\n\n" if said.sentence.paragraph else " ") * bool(index) + f"{said.sentence.words} {marks}", nl=False
        )
    click.echo("\n")
    for number, one in heard.citations().items():
        page = f", page {one.page}" if one.page is not None else ""
        click.echo(f"[{number}] {named.get(one.document, '')}{page}, characters {one.start} to {one.end}")
