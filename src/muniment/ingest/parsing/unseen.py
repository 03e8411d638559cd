"""Characters that nobody sees and that carry words all the same: `cleaning` drops them, this says what they held.

Three ways are in use: the tag characters (ASCII again, at U+E0000), variation selectors (one for each byte, behind any
letter), and runs of zero-width characters (two of them as the bits of a byte). What is left alone: the flags of
England, Scotland and Wales, a selector behind an emoji, single soft hyphens and joiners.
"""

import re

_SUSPECT = re.compile("[\u200b\u200c\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f")
_RUNS = re.compile(
    "(?P<tags>[\U000e0000-\U000e007f]+)|(?P<selectors>[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,})"
    "|(?P<widthless>[\u200b\u200c\u200d\u2060-\u2064\ufeff]{8,})"
)
_FIRST_TAG, _FIRST_SELECTOR, _FURTHER_SELECTOR = 0xE0000, 0xFE00, 0xE0100
_SELECTORS = 16
_MOST = 20
_LONGEST = 20_000


def unseen_words(raw: str) -> list[str]:
    """What runs of invisible characters say, in order; "" for one that cannot be read."""
    if raw.isascii() or not _SUSPECT.search(raw):
        return []
    found: list[str] = []
    for run in _RUNS.finditer(_FLAG.sub("", raw)):
        if len(found) == _MOST:
            break
        text = run[0][:_LONGEST]
        if run["tags"]:
            found.append("".join(chr(ord(one) - _FIRST_TAG) for one in text if ord(one) >= _FIRST_TAG + 32))
        elif run["selectors"]:
            found.append(bytes(map(_byte, text)).decode("utf-8", errors="ignore"))
        else:
            found.append(_of_bits(text))
    return found


def _byte(selector: str) -> int:
    number = ord(selector)
    return number - _FIRST_SELECTOR if number < _FURTHER_SELECTOR else number - _FURTHER_SELECTOR + _SELECTORS


def _of_bits(run: str) -> str:
    """The two commonest characters of the run as bits, in whichever order gives words."""
    one, *others = sorted(set(run), key=run.count, reverse=True)
    if not others:
        return ""
    for low in (one, others[0]):
        bits = "".join("0" if character == low else "1" for character in run if character in {one, others[0]})
        data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))
        if data and data.isascii() and data.decode().isprintable():
            return data.decode()
    return ""
