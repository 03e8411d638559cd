"""Files attached to messages that are of a format we read: each becomes a document of its own, as out of an archive.

What else is attached is only listed by its message (`mail.py`), and so is what cannot be read here: pictures without
recognition, signatures, programs.
"""

from collections.abc import Iterator

from muniment.ingest.errors import ParseError
from muniment.ingest.parsing.detect import detect
from muniment.ingest.parsing.formats import Format
from muniment.ingest.parsing.mail import attached
from muniment.ingest.parsing.recognition import is_ready


def known_attachments(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each, of the messages of a file. A name may come twice: the second gets a number."""
    seen: dict[str, int] = {}
    for name, content in attached(data):
        if _is_known(name, content):
            seen[name] = seen.get(name, 0) + 1
            yield name if seen[name] == 1 else f"{seen[name]}-{name}", content


def _is_known(name: str, content: bytes) -> bool:
    try:
        found = detect(content, name)
    except ParseError:
        return False
    return found is not Format.PICTURE or is_ready()
