"""Server-sent events as they come out of the wire (WHATWG HTML, section 9.2.6): cut anywhere, also within a letter."""

import codecs
import re
from collections.abc import Iterable, Iterator

from muniment.llm.errors import ModelUnavailableError

LONGEST = 2**20  # characters of one event
_LINE_END = re.compile("\r\n|\n|\r")


def events(pieces: Iterable[bytes]) -> Iterator[str]:
    """The data of each event that has any; one that the stream breaks off in is none. Raises ModelUnavailableError."""
    data: list[str] = []
    size = 0
    for line in _lines(pieces):
        if not line:
            if data:
                yield "\n".join(data)
            data, size = [], 0
        elif line == "data" or line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
            size += len(line)
            _bounded(size)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for piece in pieces:
        rest += decoder.decode(piece)
        held = "\r" * rest.endswith("\r")  # perhaps the first half of a line end
        *whole, rest = _LINE_END.split(rest.removesuffix(held))
        rest += held
        _bounded(len(rest))
        yield from whole


def _bounded(size: int) -> None:
    if size > LONGEST:
        raise ModelUnavailableError("The provider answers in another format than it should. Check its address.")
