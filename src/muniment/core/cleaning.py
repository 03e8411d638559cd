"""The one way raw text becomes clean text: same in, same out, whatever document or field it came from.

Attack stopped: characters nobody sees (NUL, controls, tag characters, direction overrides, zero-width space) can carry
instructions, split a word so that masking does not know it, give one thing the looks of another, or command the
operator's terminal. They are removed before anything looks at the text.
Residue accepted: joiners (U+200C, U+200D) stay, because Persian, Hindi and emoji need them.
"""

import re

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls but tab and line ends
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, zero width, direction
    "\ufff9-\ufffb\ufffe\uffff"  # interlinear annotations, non-characters
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e0fff"  # tag characters and the selectors that smuggle bytes behind an emoji
    "]"
)
_INVISIBLE_ASCII = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_LINE_END_ASCII = re.compile("\r\n?|[\x0b\x0c]")
_WIDE_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LEFTOVER_BLANK = re.compile("(?<![ \t])[ \t]+(?=\n)")  # from where a run begins: a long one costs linear time
_BLANK = re.compile(r"\s+")


def clean(text: str) -> str:
    """Only line feeds end lines, only " " and tab are blank within one, no line ends blank, nothing is invisible."""
    if text.isascii():
        text = _INVISIBLE_ASCII.sub("", _LINE_END_ASCII.sub("\n", text))
    else:
        text = _WIDE_BLANK.sub(" ", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))
    return _LEFTOVER_BLANK.sub("", text) if " \n" in text or "\t\n" in text else text


def one_line(text: str) -> str:
    """Clean, every run of blanks one space, none at the ends."""
    return _BLANK.sub(" ", clean(text)).strip()
