"""Words in a document that command a model: "ignore all previous instructions", in English and German.

Documents are data, and nothing a model says reaches outside; this tells a person which document tried. Attack stopped:
a command that nobody notices, also spelled in look-alike letters or encoded as base64. Residue accepted: a command in
words nobody listed here; a text *about* such commands is marked as one that holds them.

Linear: a text is searched for plain words first, which costs next to nothing; a pattern is tried only around them.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

_MODEL = r"(?:ai|a\.i\.|llm|gpt|chatgpt|language model|large language model|assistant|ai assistant|chatbot|chat bot)"
_GERMAN_MODEL = (
    r"(?:ki|ki-assistent\w*|ki-modell|assistent\w*|chatbot|bot|sprachmodell|ki-sprachmodell|modell|agent|llm|dan|pirat)"
)
_OLD = r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|former|initial|system|safety|other)"
_TOLD = (
    r"(?:(?:system|user|developer|safety|security|content|and|set of) ){0,2}"
    r"(?:instructions?|prompts?|programming|messages)"
)
_RULES = (
    r"(?:(?:system|safety|content) )?"
    r"(?:directions?|directives?|rules|guidelines|guardrails|commands?|restrictions|context)"
)
"""What is also said of laws and of medicine: it counts only where all of it is meant, or yours."""
_GERMAN_OLD = (
    r"(?:vorherigen?|vorigen?|bisherigen?|obigen?|früheren?|vorangegangenen?|vorangehenden?|vorstehenden?|"
    r"ursprünglichen?|anderen?|alten|deine[nr]?|ihre[nr]?)"
)
_GERMAN_ORDERS = (
    r"(?:system)?-?(?:anweisung(?:en)?|instruktion(?:en)?|befehle?|vorgaben?|regeln?|prompts?|anordnung(?:en)?|"
    r"richtlinien?|aufträge?|kontext)"
)
_A = r"(?:an?|the|my|our|no longer an?)"
_EIN = r"(?:kein|keine|ein|eine|der|die|das|mein|meine)"
_IGNORE = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|bypass|do not follow|don't follow|stop following)"
)
_IGNORIERE = r"(?:ignorier(?:e|t|en)|missachte[nt]?|vergiss|vergesst|vergessen|verwirf|übergehe[nt]?|überschreibe[nt]?)"
_FILL = r"(?:(?:all|any|every|each|the|your|of|my|these|those|that|and|or|both|completely|please)\s+){0,5}"
_FILLING = (
    r"(?:(?:bitte|sofort|ab sofort|jetzt|nun|alle|aller|allen|sämtliche|die|dir|dieser|diese|von|sie|und)\s+){0,5}"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` is tried around each of the plain `words`; without one of them it cannot match."""

    words: tuple[str, ...]
    expression: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.expression)


def _rule(words: str, pattern: str) -> _Rule:
    return _Rule(tuple(words.split(", ")), r"(?<!\w)(?<!not )(?<!never )(?:" + pattern.replace(" ", r"\s+") + ")")


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """When it is first looked for: a process that reads no documents pays for none of them."""
    return re.compile(expression)


_PLAIN = (
    _rule("ignor, disregard, forget, overrid, bypass, not follow, n't follow, stop following",
          rf"{_IGNORE} {_FILL}(?:{_OLD} (?:and |or )?){{1,3}}{_TOLD}(?!\w)"
          rf"|{_IGNORE} (?:all (?:of )?)?(?:your|any|all)(?: of)?(?: (?:the|your|my|{_OLD})){{0,3}} "
          rf"(?:{_TOLD}|{_RULES})(?!\w)"
          rf"|{_IGNORE} {_FILL}{_TOLD} (?:(?:given|written|stated|you received|that came) )?"
          r"(?:above|before|so far)(?!\w)"),
    _rule("ignor, disregard, forget",
          r"(?:ignore|disregard|forget) (?:everything|anything|all|whatever)(?: that)?(?: (?:was|is|has been|came))?"
          r" (?:above|before this|said before|written above|you (?:were|have been) told|you know)(?!\w)"),
    _rule("you are now, you're now, from now on",
          rf"(?:you are now|you're now|from now on,? you (?:are|will be))(?: {_A})?(?: [\w-]+){{0,4}}?"
          rf" (?:{_MODEL}|model|bot|agent|dan|jailbroken|unrestricted|unfiltered|uncensored|pirate|hacker)(?!\w)"),
    _rule("from now on",
          r"from now on,? (?:you (?:must|will|should|shall|may)(?: only)? )?"
          r"(?:answer|respond|reply|speak|act as|behave as|obey)(?!\w)"),
    _rule("act as, pretend, behave as, roleplay as",
          rf"(?:act as|pretend to be|pretend (?:that )?you are|behave as|roleplay as)(?: if you (?:are|were))?"
          rf" {_A}(?: [\w-]+){{0,3}}? (?:{_MODEL}|dan|jailbroken|unrestricted|unfiltered|uncensored)(?!\w)"),
    _rule("system prompt, system-prompt, systemprompt, your instructions, your initial, your hidden, your original",
          r"(?:reveal|print|show|repeat|output|leak|disclose|tell me|give me|display|write out|recite)"
          r"(?: (?:me|us|back|out|all|the|full|entire|verbatim))*? (?:your|the) (?:full |entire |whole )?"
          r"(?:(?:system|initial|hidden|secret|original)[ -]?(?:prompt|instructions)|instructions verbatim)(?!\w)"),
    _rule("if you are a, if you're a, as an ai, as a language, as an llm",
          rf"(?:if you(?: are|'re) {_A} {_MODEL}(?! is|'s)(?!\w)"
          rf"|as {_A} {_MODEL}(?: \w+)?,? (?:you (?:must|should|are to|will|have to)|always|never))(?!\w)"),
    _rule("reading this, summarising this, summarizing this, processing this, reviewing this, parsing this",
          rf"(?:any |all |the |to )?{_MODEL}s?(?: \w+){{0,2}} "
          r"(?:reading|summari[sz]ing|processing|reviewing|parsing) this(?!\w)"),
    _rule("do anything now, developer mode, jailbreak mode",
          r"(?:you (?:can|will|are able to) do anything now|(?:you are|enter|switch) (?:now )?(?:in|to|into) "
          r"(?:developer|jailbreak|god|dan) mode)(?!\w)"),
    _rule("new instruction, new system, neue anweisung, neue systemanweisung",
          r"(?:(?:your|these are your) new (?:system )?(?:instructions?|prompt) (?:is|are)"
          r"|new system (?:prompt|instructions?)\s*:"
          r"|(?:deine|ihre) neuen? (?:system)?anweisung(?:en)? (?:ist|sind|lautet|lauten)"
          r"|neue systemanweisung(?:en)?\s*:)"),
    _rule("conversation, chat history, system prompt, api key, password, credential, unterhaltung, gesprächsverlauf",
          r"(?:send|post|forward|exfiltrate|upload|transmit|append|sende|schicke|übermittle)(?: [^\s.]+){0,8}? "
          r"(?:conversation|chat history|system prompt|api keys?|passwords?|credentials|unterhaltung|gesprächsverlauf)"
          r"(?: [^\s.]+){0,6}? (?:to|an|as|als) (?:\S+ ){0,2}?(?:https?://|[\w.+-]+@\w)"),
    _rule("<|im_start|>, <|system|>, <|endoftext|>, <|start_header, [/inst], <<sys>>, begin system prompt",
          r"(?:<\|(?:im_start|im_end|system|endoftext|start_header_id)\|>|\[/inst\]|<<sys>>|begin system prompt)"),
    _rule("ignorier, missacht, vergiss, vergess, verwirf, übergeh, überschreib",
          rf"{_IGNORIERE} {_FILLING}{_GERMAN_OLD} (?:(?!nicht)\w+ ){{0,2}}{_GERMAN_ORDERS}(?!\w)"),
    _rule("ignorier, vergiss, vergess",
          r"(?:ignorier(?:e|en sie)|vergiss|vergessen sie) (?:bitte )?(?:alles|sämtliches),? was "
          r"(?:(?:oben|vorher|zuvor|bisher) |(?:dir|ihnen|du|sie) (?:\w+ ){0,2}?(?:gesagt|aufgetragen|weißt|wissen))"),
    _rule("du bist, sie sind jetzt, sie sind nun, sie sind ab",
          rf"(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort|von nun an)(?: {_EIN})?(?: [\w-]+){{0,3}}?"
          rf" {_GERMAN_MODEL}(?!\w)"),
    _rule("ab jetzt, ab sofort, von nun an",
          r"(?:ab jetzt|ab sofort|von nun an) (?:antwortest du|antworte(?!t|n)|verhältst du dich|gehorchst du|"
          rf"bist du {_EIN}(?: [\w-]+){{0,3}}? {_GERMAN_MODEL})(?!\w)"),
    _rule("system-prompt, systemprompt, system prompt, systemanweisung, anweisungen",
          r"(?:zeige?|gib|nenne|verrate|wiederhole|offenbare|schreibe?)(?: [\w-]+){0,4}? (?:deinen?|den|deine|die) "
          r"(?:[\w-]+ )?(?:system[ -]?prompt|systemanweisung(?:en)?|"
          r"(?:geheimen|ursprünglichen|internen) anweisungen)(?!\w)"),
    _rule("wenn du ein, falls du ein, als ki, als sprachmodell",
          rf"(?:(?:wenn|falls) du {_EIN} {_GERMAN_MODEL} bist|als (?:ki|sprachmodell|ki-assistent) "
          r"(?:musst|sollst|darfst|wirst) du)(?!\w)"),
)  # fmt: skip
"""What no document says to its readers."""
_HIDDEN = (
    _rule("user, reader, human, reviewer, nutzer, leser",
          r"(?:(?:do not|don't|never|must not) (?:tell|inform|mention|reveal|disclose|say)(?: \w+){0,6}? "
          r"(?:user|reader|human|reviewer)s?|(?:tell|inform|convince) the (?:user|reader|human)s?|"
          r"(?:sage?|verrate|erwähne)(?: \w+){0,4}? (?:dem|der|den) "
          r"(?:nutzer|benutzer|leser|anwender)(?:in|n)?)(?!\w)"),
    _rule("review, recommend, candidate, bewert, empfiehl, bewerb",
          r"(?:give (?:a |only )?(?:positive|favou?rable|excellent)(?: \w+){0,2} (?:review|rating|score)|"
          r"do not (?:highlight|mention) (?:any )?(?:negatives?|weaknesses)|"
          r"recommend (?:this|the) (?:candidate|paper|applicant|product)|(?:bewerte|empfiehl) (?:\w+ ){0,3}"
          r"(?:bewerber|kandidat|positiv|arbeit))"),
    _rule("assistant, prompt, language model, instruction, sprachmodell, anweisung, chatbot",
          rf"(?:{_MODEL}|prompt|sprachmodell|chatbot|(?:these|following) instructions?|"
          r"(?:diese|folgende)n? anweisung(?:en)?)(?!\w)"),
    _rule("answer, respond, reply, antwort",
          r"(?:always|only|never|instead,?) (?:answer|respond|reply)(?!\w)|"
          r"antworte(?: \w+){0,2} (?:immer|nur|stets|niemals|mit)(?!\w)"),
)  # fmt: skip
"""What an honest text may say in plain sight, and nobody writes where it is not to be seen."""

_BEFORE, _BEHIND = 200, 260
"""Characters around a plain word in which a pattern is sought."""
_MOST = 50
"""Matches a text is searched for; beyond them it is marked well enough."""
_LONG = 24
"""Characters from which a word without blanks may be something encoded."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_OF_OTHER_SCRIPTS = re.compile("[\u0370-\u052f\u2100-\u214f\uff01-\uff5e\U0001d400-\U0001d7ff]")
_TWINS = dict(zip(
    "АВЕКМНОРСТУХЅІЈаеорсухѕіјԁԛԝһɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοιρυκ", "ABEKMHOPCTYXSIJaeopcyxsijdqwhgABEZHIKMNOPTYXavoipuk",
    strict=True,
))  # fmt: skip
"""Letters of other scripts that look like Latin ones, after Unicode's confusables.txt."""


@dataclass(frozen=True, slots=True)
class Command:
    start: int
    end: int
    is_disguised: bool


def find_commands(text: str, words: Sequence[str]) -> list[Command]:
    """Commands in a clean text that shows, in order. `words`: the text split at its blanks."""
    different = set(words)
    vocabulary = " ".join(different)
    likely = _likely(_lower(vocabulary))
    found = [Command(start, end, is_disguised=False) for start, end in _matches(_lower(text), likely)] if likely else []
    if not vocabulary.isascii() and _OF_OTHER_SCRIPTS.search(vocabulary):
        plain = {(one.start, one.end) for one in found}
        matches = _matches(_lower(_undisguised(text)), _PLAIN)
        found += [Command(*span, is_disguised=True) for span in matches if span not in plain]
    for word in different:
        if len(word) >= _LONG and (decoded := _decoded(word)) and commands(decoded):
            at = text.index(word)
            found.append(Command(at, at + len(word), is_disguised=True))
    return sorted(found, key=lambda one: (one.start, one.end))[:_MOST]


def _likely(vocabulary: str) -> tuple[_Rule, ...]:
    """The rules that can match at all, by the words there are: a long text has few different ones."""
    kept = ((rule, tuple(word for word in rule.words if max(word.split(), key=len) in vocabulary)) for rule in _PLAIN)
    return tuple(replace(rule, words=words) for rule, words in kept if words)


def commands(words: str) -> bool:
    """Whether words that do not show command a model: said plainly, or in a way that only hidden words do."""
    lower = _lower(_undisguised(words))
    return bool(_matches(lower, _PLAIN) or _matches(lower, _HIDDEN))


def says_command(words: str) -> bool:
    """Whether words that a person may come to see (a comment, a property, a description) command a model."""
    return bool(_matches(_lower(_undisguised(words)), _PLAIN))


def _lower(text: str) -> str:
    """Of the same length, which `str.lower` alone is not for one Turkish letter."""
    return text.replace("\u0130", "i").lower()


def _matches(lower: str, rules: tuple[_Rule, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for rule in rules:
        for word in rule.words:
            for at in _places(lower, word):
                match = rule.pattern.search(lower, max(0, at - _BEFORE), min(len(lower), at + _BEHIND))
                if match and not any(start < match.end() and match.start() < end for start, end in found):
                    found.append(match.span())
                    if len(found) == _MOST:
                        return found
    return found


def _places(lower: str, word: str) -> Iterator[int]:
    """Not more often than windows can tell apart: a text of nothing but one such word stays linear."""
    at = lower.find(word)
    while at >= 0:
        yield at
        at = lower.find(word, at + max(len(word), 16))


def _undisguised(text: str) -> str:
    """Look-alike letters, full-width and mathematical ones as the plain ones they show; of the same length."""
    if text.isascii():
        return text
    return _OF_OTHER_SCRIPTS.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    character = found[0]
    if twin := _TWINS.get(character):
        return twin
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _decoded(word: str) -> str:
    """What a long word says when it is base64 of a text; nothing otherwise."""
    found = _BASE64.search(word)
    if found is None:
        return ""
    body = found[0].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body[: len(body) // 4 * 4]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
