"""
Checks a Muniment audit log or receipt. One file, Python 3.11 standard library only, nothing of Muniment imported.

    python verifier.py log EXPORT [--witness CHECKPOINTS] [--key KEY]
    python verifier.py receipt FILE [--key KEY] [--event ID]

EXPORT is an audit export (JSON lines), CHECKPOINTS a file or folder of checkpoints that somebody else kept, KEY a
verifier key (or a file of them) from a place you trust. Exit code: 0 verified, 1 refused, 2 could not be read.
What each check stops, and what no check can prove, is in docs/formats/audit-log.md.
"""

import argparse
import base64
import contextlib
import functools
import hashlib
import itertools
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

EXPORT_FORMAT = "muniment-audit-export/1"
RECEIPT_FORMAT = "muniment-receipt/1"
OPENING = "audit:log:open"
ORIGIN = "muniment/"
GRADES = {"key_destroyed": "key destroyed", "overwritten": "deleted and overwritten"}


class VerificationError(Exception):
    """The log or receipt does not hold; the message says what was found."""


# --- RFC 6962 Merkle tree ---
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The prefixes 0x00 and 0x01 keep an inner node from being passed off as an entry (second preimage)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees of a growing tree, largest first: all that appending needs."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def append(self, leaf: bytes) -> list[bytes]:
        """Adds a leaf hash. Returns the subtrees it completed, from level 1 upwards."""
        made, node, index = [], leaf, self.size
        while index & 1:
            node = node_hash(self.peaks.pop(), node)
            made.append(node)
            index >>= 1
        self.peaks.append(node)
        self.size += 1
        return made

    def root(self) -> bytes:
        return functools.reduce(lambda right, left: node_hash(left, right), self.peaks[::-1] or [EMPTY_ROOT])


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    fn, sn, node = index, size - 1, leaf
    if not 0 <= fn <= sn:
        return False
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


# --- Ed25519, verification only (RFC 8032, section 5.1) ---
Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
_P, _L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_BASE = (4 * pow(5, -1, _P) % _P).to_bytes(32, "little")
_NEUTRAL: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] % _P * _D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % _P, (d - c) % _P, (d + c) % _P, (b + a) % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _decode(raw: bytes) -> Point | None:
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


@functools.lru_cache(maxsize=16)
def _multiples(raw: bytes) -> list[list[Point]]:
    """Row i holds 0 to 15 times 16^i times the point, so that multiplying by a scalar is 64 additions."""
    table: list[list[Point]] = []
    point = _decode(raw)
    while point and len(table) < 64:
        *row, point = itertools.accumulate([point] * 16, _add, initial=_NEUTRAL)
        table.append(row)
    return table


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `public` (32 bytes) on `message`: encode(sB - kA) is R."""
    negated, base = _multiples(public[:31] + bytes([public[31] ^ 0x80])), _multiples(_BASE)
    s = int.from_bytes(signature[32:], "little")
    if not negated or s >= _L or len(signature) != 64:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    point = _NEUTRAL
    for row in range(64):
        point = _add(_add(point, base[row][s >> 4 * row & 15]), negated[row][k >> 4 * row & 15])
    x, y = (part * pow(point[2], -1, _P) % _P for part in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- C2SP signed notes and checkpoints ---
class Key(NamedTuple):
    """A verifier key, written `name+key id+base64(0x01 || public key)`."""

    name: str
    public: bytes

    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id().hex()}+{base64.b64encode(bytes([1]) + self.public).decode()}"


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def unbase64(text: str, length: int = 0) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if (length and len(raw) != length) or base64.b64encode(raw).decode() != text:
        raise VerificationError(f"Base64 of {length} bytes was expected.")
    return raw


def parse_key(text: str) -> Key:
    name, _, rest = text.strip().partition("+")
    key = Key(name, unbase64(rest.partition("+")[2], 33)[1:])
    if not name or str(key) != text.strip():
        raise VerificationError("This is not a verifier key for Ed25519.")
    return key


def check_note(note: str, key: Key) -> None:
    """Refuses a note that `key` did not sign. Signatures by other keys are passed over, as the format asks."""
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        mark, name, encoded = line.split(" ")
        if mark == "\u2014" and name == key.name and unbase64(encoded)[:4] == key.id():
            if not is_signed(key.public, (text + "\n").encode(), unbase64(encoded)[4:]):
                raise VerificationError(f"The signature of {name} is false.")
            return
    raise VerificationError(f"There is no signature by the key of {key.name}.")


def read_checkpoint(note: str) -> Checkpoint:
    """Origin, size and root as stated; the signature is not looked at."""
    lines = note.rpartition("\n\n")[0].split("\n")
    if len(lines) < 3 or not all(lines) or str(abs(int(lines[1]))) != lines[1]:
        raise VerificationError("This is not a checkpoint.")
    return Checkpoint(lines[0], int(lines[1]), unbase64(lines[2], 32))


def split_notes(text: str) -> list[str]:
    """Several checkpoints one after the other. What is none is refused: an empty memory must not pass for a witness."""
    notes = re.findall("(?:[^\u2014\n].*\n)+\n(?:\u2014 .*\n)+", text)
    if not notes or len("".join(notes).split()) != len(text.split()):
        raise VerificationError("The witness's file does not hold checkpoints only.")
    return notes


canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode  # names are ASCII


def parse_entry(body: str) -> dict[str, Any]:
    """An entry, if it is canonical JSON (RFC 8785): two spellings of one entry would have two hashes."""
    entry = json.loads(body)
    if type(entry) is not dict or body != canonical(entry):
        raise VerificationError("An entry is not canonical JSON.")
    return entry


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise VerificationError(f"The file is malformed ({type(error).__name__}).") from error


# --- The log ---
class _Epoch:
    """One log, from its opening entries (one for each log it continues) to where the next one takes over."""

    def __init__(self, origin: str, key: Key, openings: list[str]) -> None:
        self.origin, self.key, self.openings = origin, key, openings or [""]
        self.facts = [parse_entry(opening)["facts"] for opening in self.openings]
        self.closed = self.covered = 0
        self.frontier = Frontier()
        self.signed: dict[int, bytes] = {}

    def expect(self, size: int, root: bytes) -> None:
        """The log of this size must have this root. All expectations come before the entries."""
        if 0 < size <= self.frontier.size:
            raise VerificationError("The export is out of order: a checkpoint stands after the entries it covers.")
        if self.signed.setdefault(size, root) != root or (size == 0 and root != EMPTY_ROOT):
            raise VerificationError(f"{self.origin} was forked: two different logs of {size} entries were signed.")

    def append(self, leaf: bytes) -> None:
        self.frontier.append(leaf)
        if self.frontier.size in self.signed:
            self.covered = self.frontier.size
            if self.frontier.root() != self.signed[self.covered]:
                where = f"{self.origin}, first {self.covered} entries"
                raise VerificationError(f"An entry was changed, removed, inserted or moved ({where}).")

    def finish(self) -> None:
        size, signed = self.frontier.size, max(self.signed, default=0)
        if not 0 < signed <= max(size, self.closed):
            raise VerificationError(f"{self.origin}: {signed} entries were signed, {size} are here: the tail was cut.")
        if 0 < self.closed < size:
            raise VerificationError(f"{self.origin} goes on after it was closed with {self.closed} entries.")


class _Log:
    """Reads an export: a header that names the epochs, their checkpoints, then the entries of each."""

    def __init__(self, header: dict[str, Any], trusted: Iterable[Key]) -> None:
        if header["type"] != "export" or header["format"] != EXPORT_FORMAT:
            raise VerificationError(f"This is not an audit export of the format {EXPORT_FORMAT}.")
        self.epochs: dict[str, _Epoch] = {}
        self.links: dict[str, Checkpoint] = {}
        publics = {key.public for key in trusted}
        for item in header["epochs"]:
            epoch = self.epochs[item["origin"]] = _Epoch(item["origin"], parse_key(item["key"]), item["openings"])
            if publics and epoch.key.public not in publics:
                raise VerificationError(f"{epoch.origin} is signed by another key than the one you trust.")
        for facts in [facts for epoch in self.epochs.values() for facts in epoch.facts]:
            self._link(facts)
        self.queue = list(self.epochs.values())
        self.events: set[str] = set()
        self._last: dict[str, Any] = {}

    def _link(self, facts: dict[str, Any]) -> None:
        link = Checkpoint(
            ORIGIN + facts.get("previous", ""), facts["previous_size"], bytes.fromhex(facts["previous_root"])
        )
        if self.links.setdefault(link.origin, link) != link or (link.origin == ORIGIN and link.root != EMPTY_ROOT):
            raise VerificationError("A log does not continue the one before it, or two claim to continue the same.")
        if link.origin in self.epochs:
            self.epochs[link.origin].closed = link.size
            self.epochs[link.origin].expect(link.size, link.root)

    def expect(self, note: str) -> None:
        stated = read_checkpoint(note)
        epoch, link = self.epochs.get(stated.origin), self.links.get(stated.origin)
        if epoch:
            check_note(note, epoch.key)
            epoch.expect(stated.size, stated.root)
        elif not link or stated.size > link.size or (stated.size == link.size and stated.root != link.root):
            raise VerificationError(f"A checkpoint of {stated.origin} is not part of this log.")

    def read(self, line: dict[str, Any]) -> None:
        kind, epoch = line["type"], self.queue[0]
        if kind == "checkpoint":
            self.expect(line["note"])
        elif kind == "entry":
            self._entry(line["body"], epoch)
        elif kind == "leaf" and epoch.frontier.size >= len(epoch.openings):
            epoch.append(unbase64(line["hash"], 32))
        elif kind == "sealed" and line["event"] == self._last["id"]:
            if line["sha256"] != self._last["sealed"]:
                raise VerificationError(f"The sealed detail of event {line['event']} is not the one in its entry.")
        elif kind == "end" and line["origin"] == epoch.origin:
            epoch.finish()
            self.queue.pop(0)
        else:
            raise VerificationError("The export is out of order.")

    def _entry(self, body: str, epoch: _Epoch) -> None:
        entry, place = parse_entry(body), epoch.frontier.size
        if epoch.openings[place : place + 1] != ([body] if entry["kind"] == OPENING else []):
            raise VerificationError(f"{epoch.origin} does not begin with its opening entries, and these only.")
        if entry["seq"] != place or entry["id"] in self.events:
            raise VerificationError(f"Entry {place} of {epoch.origin} is out of order, or its event is there twice.")
        self.events.add(entry["id"])
        self._last = entry
        epoch.append(leaf_hash(body.encode()))


def verify_log(lines: Iterable[str], witness: Sequence[str] = (), trusted: Sequence[Key] = ()) -> dict[str, int]:
    """`lines` of an export, `witness` the checkpoints somebody else kept. Raises VerificationError.

    Counts entries, of these hidden (known by their hash, of other teams) and unsigned (after the last checkpoint);
    entries lost in a restore, as the log admits; signed states of the log, the witness's checkpoints, epochs.
    """
    with _readable():
        stream = (json.loads(line) for line in lines)
        log = _Log(next(stream, {}), trusted)
        for note in witness:
            log.expect(note)
        for line in stream:
            log.read(line)
        if log.queue:
            raise VerificationError("The export is not complete: its end is missing.")
    kept, every = {origin: epoch.frontier.size for origin, epoch in log.epochs.items()}, log.epochs.values()
    entries = sum(kept.values())
    counts = {"entries": entries, "hidden": entries - len(log.events), "epochs": len(kept), "witnessed": len(witness)}
    counts["signed"] = sum(len(epoch.signed) for epoch in every)
    counts["lost"] = sum(max(0, end.size - kept.get(end.origin, 0)) for end in log.links.values())
    return counts | {"unsigned": entries - sum(epoch.covered for epoch in every)}


def verify_receipt(text: str, trusted: Sequence[Key] = (), event: str = "") -> dict[str, Any]:
    """The entry a receipt proves. Raises VerificationError when it proves none, or not that of `event`."""
    with _readable():
        receipt = json.loads(text)
        signature = receipt.pop("signature")
        log_key, receipt_key = parse_key(receipt["log_key"]), parse_key(receipt["receipt_key"])
        if trusted and not {log_key.public, receipt_key.public} <= {key.public for key in trusted}:
            raise VerificationError("The receipt is signed by other keys than those you trust.")
        check_note(f"{canonical(receipt)}\n\n{signature}\n", receipt_key)
        check_note(receipt["checkpoint"], log_key)
        head, entry = read_checkpoint(receipt["checkpoint"]), parse_entry(receipt["entry"])
        proof = [unbase64(step, 32) for step in receipt["proof"]]
        if receipt["format"] != RECEIPT_FORMAT or entry["id"] != (event or entry["id"]) or head.origin != log_key.name:
            raise VerificationError("The receipt is not for this event.")
        if not is_included(leaf_hash(receipt["entry"].encode()), entry["seq"], head.size, proof, head.root):
            raise VerificationError("The entry of this receipt is not in the log whose checkpoint it carries.")
        if receipt["grade"] != GRADES.get(entry["facts"].get("grade", ""), ""):
            raise VerificationError("The receipt claims another grade of erasure than the log records.")
        return entry


def _files(path: str) -> str:
    files = sorted(Path(path).glob("*.checkpoint")) or [Path(path)]
    return "".join(file.read_text("utf-8") for file in files)


def _check(options: argparse.Namespace) -> str:
    given = [_files(key) if Path(key).exists() else key for key in options.key]
    with _readable():
        trusted = [parse_key(line) for text in given for line in text.split()]
    pinned = "" if trusted else " No key was given with --key: the keys are those in the file itself."
    if options.what == "receipt":
        entry = verify_receipt(_files(options.file), trusted, options.event)
        return f"Verified: {entry['kind']} at {entry['at']}, event {entry['id']}, facts {entry['facts']}.{pinned}"
    witness = [note for path in options.witness for note in split_notes(_files(path))]
    with Path(options.file).open(encoding="utf-8", newline="\n") as lines:
        return f"Verified: {verify_log(lines, witness, trusted)}.{pinned}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a Muniment audit log or receipt.")
    parser.add_argument("what", choices=["log", "receipt"])
    parser.add_argument("file")
    parser.add_argument("--witness", action="append", default=[], help="file or folder of checkpoints kept elsewhere")
    parser.add_argument("--key", action="append", default=[], help="verifier key you trust, or a file of them")
    parser.add_argument("--event", default="", help="event the receipt must be for")
    try:
        code, message = 0, _check(parser.parse_args(arguments))
    except (VerificationError, OSError) as error:
        code, message = (2, f"Could not read: {error}") if isinstance(error, OSError) else (1, f"Refused: {error}")
    sys.stdout.write(message.encode("unicode_escape").decode() + "\n")  # a hostile file sends no terminal codes
    return code


if __name__ == "__main__":
    sys.exit(main())
