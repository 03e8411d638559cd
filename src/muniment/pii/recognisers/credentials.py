"""Keys, tokens and passwords: by the marks their makers gave them, by the word in front, or by their disorder."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from muniment.pii.recognisers.context import words
from muniment.pii.types import PiiClass, Span

_MARKED = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255}|glpat-[\w-]{20,64}"
    r"|xox[abposre]-[\w-]{10,255}|xapp-[\w-]{10,255}"
    r"|sk-[A-Za-z0-9_-]{20,255}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,255}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,255}|GOCSPX-[\w-]{20,64}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,255}|hf_[A-Za-z0-9]{30,64}"
    r"|dop_v1_[a-f0-9]{64}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}|sq0[a-z]{3}-[\w-]{22,64}|key-[0-9a-f]{32}"
    r"|eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{0,2000}"
    r"|AGE-SECRET-KEY-1[0-9A-Z]{58}|[$](?:2[aby]|argon2id?|6|5)[$][\w./$,=+-]{20,255}"
    r")"
)
_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LONGEST = 16_384
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/:@]{1,128}:[^\s/@]{1,256}(?=@)")
_SAID = words(
    "pass(?:word|phrase|wd|code)", "pwd", "passwort", "kennwort", "secret", "api[ _-]?key", "access[ _-]?key", "apikey",
    "(?:access|auth|bearer|refresh|api)[ _-]?token", "client[ _-]?secret", "bearer", "private[ _-]?key", "pin", "cvv2?",
    "cvc2?", "tan", "recovery code", "mot de passe", "contraseña",
)  # fmt: skip
_VALUE = re.compile(
    r"[ \t]{0,4}(?:(?:is|ist|lautet)[ \t]|[:=])[ \t]{0,4}[\"'`]?([^\s\"'`,;]{3,256})|[ \t]{1,2}(?=\S{0,64}\d)(\S{16,256})"
)
_OPEN = re.compile(r"pass|pwd|kennwort|pin|cvv|cvc|tan|mot|contra", re.IGNORECASE)
"""Behind these words any word may be the secret; behind the others ("token: the") one with a digit."""
_PARTS, _LONGEST_PART = re.compile(r"[/_-]"), 16
_DISORDERED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,512}={0,2}(?![\w+/=-])")


def credentials(text: str) -> Iterator[Span]:
    yield from (Span(*found.span(), PiiClass.CREDENTIAL, 0.99) for found in _MARKED.finditer(text))
    yield from (Span(*found.span(), PiiClass.CREDENTIAL, 0.95) for found in _IN_ADDRESS.finditer(text))
    yield from _private_keys(text)
    for said in _SAID.finditer(text):
        value = _VALUE.match(text, said.end())
        group = 1 if value and value[1] else 2
        if value and (_OPEN.match(said[0]) or any(map(str.isdigit, value[group]))):
            yield Span(value.start(group), value.end(group), PiiClass.CREDENTIAL, 0.85)
    for found in _DISORDERED.finditer(text):
        if is_disordered(found[0]):
            yield Span(*found.span(), PiiClass.CREDENTIAL, 0.7)


def is_disordered(word: str) -> bool:
    """Mixed letters and digits with 4 bits or more for each character (Shannon), not made of short parts as paths are."""
    longest = max(_PARTS.split(word), key=len)
    if len(longest) < _LONGEST_PART or not all(
        any(map(kind, word)) for kind in (str.isdigit, str.isupper, str.islower)
    ):
        return False
    counts = Counter(word)
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts.values()) >= 4.0


def _private_keys(text: str) -> Iterator[Span]:
    """From BEGIN to END; to the limit where the end is missing, so that half a key is not left readable."""
    for begin in _KEY_BEGIN.finditer(text):
        limit = min(len(text), begin.end() + _KEY_LONGEST)
        end = _KEY_END.search(text, begin.end(), limit)
        yield Span(begin.start(), end.end() if end else limit, PiiClass.CREDENTIAL, 1.0)
