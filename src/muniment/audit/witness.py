"""A witness in a folder: somebody else's disk, a share, a stick. It remembers the latest checkpoint of each log.

It follows C2SP tlog-witness (without the network): a checkpoint is accepted only if a known key signed it and a
consistency proof shows that the log still begins with what is remembered. The key is the first one seen for an origin;
give it the key from the auditor instead where that matters.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from muniment.audit import merkle, tree
from muniment.audit.checkpoint import checkpoint_key
from muniment.audit.errors import ForkError
from muniment.audit.models import Log
from muniment.audit.verifier import (
    EMPTY_ROOT,
    Checkpoint,
    Key,
    VerificationError,
    check_note,
    parse_key,
    read_checkpoint,
)
from muniment.core.durable import open_plain


class FileWitness:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder

    def latest(self, origin: str) -> str | None:
        """The checkpoint (signed note) remembered of this log."""
        path = self._path(origin, "checkpoint")
        return path.read_text("utf-8") if path.exists() else None

    def heads(self) -> list[Checkpoint]:
        """Every log of this installation that it remembers, in no order. Raises ForkError.

        Attack stopped: whoever can write to the folder puts a checkpoint of his own there, and a restore states under
        our signature, for ever, that a log of ours ended where he says.
        """
        return [_own(path) for path in sorted(self.folder.glob("*.checkpoint"))]

    def head(self, origin: str) -> Checkpoint | None:
        """The same of one log."""
        path = self._path(origin, "checkpoint")
        return _own(path) if path.exists() else None

    def remember(self, note: str, *, key: str, proof: Sequence[bytes] = ()) -> None:
        """Accepts a newer checkpoint, with the consistency proof from the remembered one (empty for the first).

        `key`: verifier key of the log, used the first time only. Raises ForkError, and then remembers what it did.
        """
        with self._locked():  # check and update are one step, or an older checkpoint could overtake a newer one
            try:
                head = read_checkpoint(note)
                trusted = self._trusted(head.origin, key)
                check_note(note, trusted)
            except (VerificationError, ValueError) as error:
                raise ForkError(f"The witness does not accept this checkpoint. {error}") from error
            self._compare(head, proof)
            self._write(self._path(head.origin, "key"), f"{trusted}\n")
            self._write(self._path(head.origin, "checkpoint"), note)

    def _trusted(self, origin: str, key: str) -> Key:
        path = self._path(origin, "key")
        trusted = parse_key(path.read_text("utf-8") if path.exists() else key)
        if trusted.name != origin:
            raise VerificationError("The key is that of another log.")
        return trusted

    def _compare(self, head: Checkpoint, proof: Sequence[bytes]) -> None:
        note = self.latest(head.origin)
        old = read_checkpoint(note) if note else Checkpoint(head.origin, 0, EMPTY_ROOT)
        if head.size < old.size:
            raise ForkError(f"The log shrank: the witness remembers {old.size} entries, {head.size} are shown.")
        if not merkle.is_consistent(old.size, head.size, old.root, head.root, proof):
            raise ForkError(f"The log was rewritten: its first {old.size} entries are not those the witness remembers.")

    def _path(self, origin: str, suffix: str) -> Path:
        """The origin is somebody else's text: its hash is the file name, so that it cannot name another place."""
        return self.folder / f"{sha256(origin.encode()).hexdigest()[:32]}.{suffix}"

    def _write(self, path: Path, text: str) -> None:
        temporary = path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with os.fdopen(open_plain(self.folder / ".lock", os.O_WRONLY | os.O_CREAT), "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _own(path: Path) -> Checkpoint:
    try:
        note = path.read_text("utf-8")
        head = read_checkpoint(note)
        check_note(note, Key(head.origin, checkpoint_key().public))
    except (VerificationError, ValueError) as error:
        raise ForkError(
            f"{path} is no checkpoint that this installation signed. Bring the one that was there."
        ) from error
    return head


def show_log(witness: FileWitness) -> int:
    """Shows the witness the newest checkpoint of every log here. Returns how many it holds now; raises ForkError.

    An epoch that a restore closed may be shorter here than the witness knows: what was lost of it is said by the first
    entry of the next one, and `verify-log` compares the two. The log that grows may never shrink.
    """
    shown, newest = 0, Log.objects.order_by("-pk").first()
    for log in Log.objects.order_by("pk"):
        head, remembered = tree.latest(log), witness.head(log.origin)
        if head is None:
            continue
        old = remembered.size if remembered else 0
        if old > tree.size_of(log) and log == newest:
            raise ForkError(f"The log shrank: the witness remembers {old} entries, {tree.size_of(log)} are here.")
        if old <= head.size:
            proof = merkle.consistency(old, head.size, tree.nodes_of(log))
            witness.remember(head.note, key=str(Key(log.origin, checkpoint_key().public)), proof=proof)
        shown += 1
    return shown
