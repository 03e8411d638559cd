"""Answers by a model: it writes, sentence by sentence, and each sentence is tied to the places that hold it.

Whether the passages hold an answer at all is decided before the model is asked, by the threshold of the extractive
answer; whether a sentence is held, after it, by `grounding` as for every answerer.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import cast

from muniment.chat.answering.candidates import candidates
from muniment.chat.answering.prompt import NOT_HELD, chat_request
from muniment.chat.answering.selection import choose
from muniment.chat.answering.tying import Places
from muniment.chat.types import AnswerRequest, Refusal, Sentence
from muniment.core.cleaning import clean
from muniment.ingest.sentences import sentences
from muniment.llm.types import ChatModel

MOST = 3  # sentences for each one the owner asked for: what a model says beyond is not read

_THOUGHT, _THOUGHT_OVER = "<think>", "</think>"
_NAMED = re.compile(r"\s*\[(?:passages?\s*)?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]", re.IGNORECASE)
_NAMED_BEHIND = re.compile(r"(?P<end>[.!?\u2026]+)(?P<named>(?:\s*\[[^\]\n]{1,20}\])+)")


@dataclass(frozen=True, slots=True)
class GenerativeAnswerer:
    """Implements `chat.types.Answerer`. Raises ModelUnavailableError, ModelRefusedError, perhaps after sentences."""

    model: ChatModel

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        if not choose(candidates(request), request):
            yield Refusal(nearest=request.passages[:3])
            return
        places = Places(request.passages)
        stream = self.model.stream(chat_request(request), stopped=request.stopped)
        with closing(cast("Generator[str, None, None]", stream)) as pieces:
            for said, one in enumerate(written(spoken(pieces))):
                if one.text.upper().startswith(NOT_HELD) or said == MOST * request.limit:
                    return
                if cited := places.of(one.text, one.named):
                    yield Sentence(one.text, cited, paragraph=one.paragraph)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, without the passages it named behind it."""

    text: str
    named: frozenset[int]
    paragraph: bool


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """What the model says, without what it thinks before: many models of today begin with `<think>…</think>`.

    A thought weighs what might be said; read as an answer, its guesses would be tied to passages like one.
    """
    before = ""
    pieces = iter(pieces)
    for piece in pieces:
        before += piece
        begun = before.lstrip()
        if begun.startswith(_THOUGHT) and _THOUGHT_OVER in begun:
            yield begun.partition(_THOUGHT_OVER)[2]
            break
        if not begun.startswith(_THOUGHT) and not _THOUGHT.startswith(begun):
            yield before
            break
    yield from pieces


def written(pieces: Iterable[str]) -> Iterator[Written]:
    """The sentences of an answer, each as soon as the next one begins."""
    text, gap = "", ""
    for piece in pieces:
        text = _NAMED_BEHIND.sub(r"\g<named>\g<end>", text + piece)
        spans = sentences(text)
        names_passages = bool(spans) and text[spans[-1][0]] == "["  # perhaps those that the sentence before rests on
        whole = spans[: -2 if names_passages else -1]
        if whole:
            yield from _read(text, whole, gap)
            follows = spans[len(whole)][0]
            gap, text = text[whole[-1][1] : follows], text[follows:]
    yield from _read(text, sentences(text), gap)


def _read(text: str, spans: Sequence[tuple[int, int]], gap: str) -> Iterator[Written]:
    """`gap`: what stood before `text`."""
    end = 0
    for start, stop in spans:
        before = gap * (end == 0) + text[end:start]
        end = stop
        named = [number for found in _NAMED.finditer(text[start:stop]) for number in re.findall(r"\d+", found[1])]
        words = clean(_NAMED.sub("", text[start:stop])).strip()
        if words:
            yield Written(words, frozenset(map(int, named)), paragraph="\n" in before)
