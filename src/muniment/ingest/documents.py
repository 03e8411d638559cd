"""The record of one document in its silo: what is known of it beside its text."""

import json
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.ids import id_bytes
from muniment.ingest.beside import ALARMING, MarkKind
from muniment.silo.sealed import Record, SiloReader
from muniment.silo.types import Table

NAME_LENGTH = 255
_FORMAT = 2  # in 1 a document named only the one version before it


class DocumentState(StrEnum):
    QUEUED = "queued"
    LIVE = "live"
    FAILED = "failed"
    WAITING = "waiting"  # it was read, and its team's limit has no room for its words


@dataclass(frozen=True, slots=True)
class Document:
    """`words`, `pages`, `language` and `title` are known once it was read; `error` is a sentence for a person."""

    id: str
    name: str
    size: int
    digest: str
    added_at: str
    added_by: str
    state: DocumentState = DocumentState.QUEUED
    attempts: int = 0
    media_type: str = ""
    title: str | None = None
    language: str | None = None
    pages: int = 0
    words: int = 0
    chunks: int = 0
    error: str = ""
    replaces: tuple[str, ...] = ()
    """The versions before it that are still here, newest first: they go when it is live."""
    archive: str = ""
    """The name of the archive it came in; such a file is never unpacked itself."""
    working_name: str = ""
    """The name with personal data masked: for who may not read the documents."""
    masking: str = ""
    """The stamp of the masking under which it was indexed; empty where nothing was masked."""
    masked: int = 0
    """Places at which something else stands in the working text."""
    masked_of: dict[str, int] = field(default_factory=dict)
    """The same by class."""
    indexed_at: str = ""
    is_masked_for_good: bool = False
    """The stored text is the working text: what was masked is not kept."""
    delete_original: bool = False
    """The file itself is deleted as soon as it was read, or cannot be; only its text stays."""
    original_erased: str = ""
    """The audit event of that, for a receipt; empty until then."""
    marks: tuple[MarkKind, ...] = ()
    """The kinds of its marks, each once."""
    reads_along: tuple[str, ...] = ()
    """The kinds of what stands beside its text that are to be read with it: `agents.types.ReadAlong`."""
    read_along: tuple[str, ...] = ()
    """Those that were."""
    pictures: int = 0
    """Pages that are pictures whose words were not read."""
    needs: int = 0
    """Words for which it waits: those it has more than what goes when it comes."""

    @property
    def is_flagged(self) -> bool:
        """Whether a person should look at it."""
        return not ALARMING.isdisjoint(self.marks)

    @property
    def is_read_otherwise(self) -> bool:
        """Than is chosen by now."""
        return self.reads_along != self.read_along

    def to_record(self) -> Record:
        return Record(id_bytes(self.id), self.id, json.dumps([_FORMAT, asdict(self)], ensure_ascii=False).encode())

    @classmethod
    def from_record(cls, record: Record) -> "Document":
        try:
            written, fields = json.loads(record.content)
            if written == 1:
                fields["replaces"] = [fields["replaces"]] if fields.get("replaces") else []
            kinds = tuple(map(MarkKind, fields.get("marks", ())))
            names = ("reads_along", "read_along", "replaces")
            wanted, read, older = (tuple(map(str, fields.get(name, ()))) for name in names)
            state = DocumentState(fields["state"])
            return replace(cls(**fields), state=state, marks=kinds, reads_along=wanted, read_along=read, replaces=older)
        except (ValueError, TypeError, KeyError):
            raise CorruptedError(
                "The record of a document does not make sense. Restore this agent from a backup."
            ) from None


def find_document(reader: SiloReader, document: str) -> Document:
    record = reader.get(Table.DOCUMENT, id_bytes(document))
    if record is None:
        raise NotFoundError("There is no such document.")
    return Document.from_record(record)


def display_name(name: str) -> str:
    """The name as it is shown: relative, without path tricks, control or direction-changing characters, at most 255.

    A name is never used as a path; this keeps one person from showing another something misleading.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    name = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"})
    parts = [part.strip() for part in name.split("/")]
    name = "/".join(part for part in parts if part not in {"", ".", ".."})
    if len(name) > NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = name[: NAME_LENGTH - len(ending) - 1] + "…" + ending
        del stem
    return name or "document"
