"""The keyring: every wrapped key, apart from the data it opens (DESIGN section 5).

Order rule: a key is durable before the first byte sealed under it, and its destruction is durable before the call
that asked for it returns. Erasure is the destruction of a key: it holds for every copy of the data ever made.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from muniment.core.clock import now
from muniment.core.durable import fsync_folder
from muniment.core.ids import id_bytes, id_from_bytes
from muniment.crypto import ledger
from muniment.crypto.envelope import KEY, aad, derive, forget_ciphers, seal, unseal
from muniment.crypto.errors import KeyDestroyedError, KeyringDamagedError, RootKeyError, SealError
from muniment.crypto.mirrors import RINGS, Mirrors
from muniment.crypto.ring import Ring, Slot, damaged
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef, RootKey

OPEN_RINGS = 256  # each keeps two file descriptors
KNOWN_RINGS = 64  # what is known of one takes about 0.2 KB a key
_ROOT = bytes(16)
_UNDER_TEAM = {KeyKind.FIELD, KeyKind.SILO}
_Name = bytes
"""The kind, one byte, and the id of a key: unique in its ring."""


class _Cache:
    """What is known of one ring: where its keys are as of one change, those opened as of one destruction."""

    def __init__(self, ring: Ring, known: "_Cache | None") -> None:
        self.epoch, self.changes = ring.epoch, ring.changes
        self.numbers: dict[_Name, int] = {}
        self.free: list[int] = []
        self.end = 1
        for number, name in enumerate(ring.names(), start=1):
            self.note(number, name)
        self.keys: dict[_Name, bytes] = known.keys if known and known.epoch == self.epoch else {}

    def note(self, number: int, name: _Name | None) -> None:
        self.end = max(self.end, number + 1)
        if name is None:
            self.free.append(number)
        else:
            self.numbers[name] = number

    def take(self) -> int:
        """A slot number to write to: a cleared one, else one past the end."""
        return self.free.pop() if self.free else self.end

    def forget(self, name: _Name) -> None:
        self.free.append(self.numbers.pop(name))
        self.keys.pop(name, None)


class Keyring:
    def __init__(self, folder: Path, root: RootKey) -> None:
        self.folder = folder
        self.mirrors = Mirrors(folder)
        self._root = root
        self._lock = threading.RLock()
        self._rings: dict[str, Ring] = {}
        self._caches: OrderedDict[str, _Cache] = OrderedDict()

    def create(self, *refs: KeyRef, parent: KeyRef | None = None) -> list[bytes]:
        """New random keys, one for each ref, all of one ring. Durable, here and in the mirrors, before it returns.

        `parent` is the team key for FIELD and SILO keys; keys in a silo's ring hang on its silo key.
        """
        keys = [secrets.token_bytes(KEY) for _ in refs]
        name = refs[0].ring
        for silo in (ref.id for ref in refs if ref.kind is KeyKind.SILO):  # before the key that says it is there
            Ring.create(self._path(silo))
            self.mirrors.copy(silo)
        ring = self._ring(name, make=True)
        with ring.locked():
            cache = self._cache(name, fresh=True)
            if any(ref.ring != name or _name(ref) in cache.numbers for ref in refs):
                raise ValueError("a key is created once, in one ring")
            made: dict[int, Slot | None] = {}
            for ref, key in zip(refs, keys, strict=True):
                number = cache.take()
                cache.note(number, _name(ref))
                made[number] = self._slot(ref, key, parent)
            try:
                self.mirrors.repeat(name, ring.put(made))
            except BaseException:  # a full disk, for one: what was noted is not in the file and must open nothing
                self._forget(name)
                raise
            cache.changes = ring.changes
            cache.keys.update({_name(ref): key for ref, key in zip(refs, keys, strict=True)})
        return keys

    def open(self, ref: KeyRef) -> bytes:
        """The key, or KeyDestroyedError. Sees at once what any process destroyed."""
        key = self.open_all([ref])[ref]
        if key is None:
            raise KeyDestroyedError("The key of this data is not in the keyring: the data was erased.")
        return key

    def open_all(self, refs: Collection[KeyRef]) -> dict[KeyRef, bytes | None]:
        """Keys of one ring, None for a destroyed one; all as of one look at what any process destroyed."""
        if not refs:
            return {}
        ring = next(iter(refs)).ring
        with self._lock:
            cache = self._cache(ring)
            if any(_name(ref) not in cache.keys for ref in refs):
                cache = self._cache(ring, fresh=True)
                for ref in refs:
                    if _name(ref) not in cache.keys:
                        with suppress(KeyDestroyedError):
                            cache.keys[_name(ref)] = self._unwrap(ref, self._find(ref, cache))
            return {ref: cache.keys.get(_name(ref)) for ref in refs}

    def ensure(self, ref: KeyRef, *, parent: KeyRef | None = None) -> bytes:
        """Opens the key, or creates it. Under the lock: one that another is just making is not durable yet."""
        with self._ring(ref.ring, make=True).locked():
            return self.open(ref) if self.holds(ref) else self.create(ref, parent=parent)[0]

    def holds(self, ref: KeyRef) -> bool:
        with self._lock, suppress(KeyDestroyedError):
            return _name(ref) in self._cache(ref.ring, fresh=True).numbers
        return False

    def destroy(self, refs: Sequence[KeyRef]) -> list[Path]:
        """Destroys keys of one ring for ever. Durable before it returns; keys that are gone already are passed over.

        Written to the ledger first, so that a crash in between is finished at the next start (`finish_destructions`).
        Returns the mirrors that could not be reached and still hold the wrapped keys.
        """
        if not refs:
            return []
        erasures = [ledger.Erasure("key", ref.ring, ref.kind.name.lower(), ref.id) for ref in refs]
        self.mirrors.append_ledger(ledger.append(self.folder, erasures))
        self._clear(refs[0].ring, [_name(ref) for ref in refs])
        return self.mirrors.stale()

    def drop_ring(self, name: str) -> None:
        """Removes the file of a silo's ring. Its keys died with the silo key above them; this frees the space."""
        with self._lock:
            self._caches.pop(name, None)
            self._rings.pop(name, None)
            self._path(name).unlink(missing_ok=True)
            fsync_folder(self.folder / RINGS)
            self.mirrors.drop(name)
            forget_ciphers()

    def finish_destructions(self) -> int:
        """Clears keys the ledger names and a crash left in place, here and in the mirrors. Returns how many."""
        wanted: dict[str, list[_Name]] = {}
        for erasure in ledger.read(self.folder):
            if erasure.scope == "key" and self._path(erasure.ring).exists():
                wanted.setdefault(erasure.ring, []).append(
                    _name(KeyRef(erasure.ring, KeyKind[erasure.kind.upper()], erasure.id))
                )
        cleared = 0
        for ring, names in wanted.items():
            # Of a damaged one the copy is put back one day, and cleared then; another process may drop one meanwhile.
            with suppress(KeyringDamagedError, KeyDestroyedError):
                cleared += self._clear(ring, names)
        self.mirrors.compare()
        return cleared

    def faults(self) -> list[KeyringDamagedError]:
        """What is wrong with any ring, or with any key in one: at most one fault a ring."""
        rings = {INSTANCE, *self.rings(), *(ref.id for ref, _ in self.refs(INSTANCE) if ref.kind is KeyKind.SILO)}
        return [fault for fault in map(self._fault, sorted(rings)) if fault]

    def epoch(self, ring: str) -> int:
        """Changes whenever a key of the ring is destroyed; 0 when there is no such ring (any more)."""
        with self._lock:
            if not self._path(ring).exists():
                return 0
            return self._ring(ring).epoch

    def refs(self, ring: str) -> Iterator[tuple[KeyRef, datetime]]:
        """Every key of a ring with the time it was made."""
        for ref, slot in self._slots(ring):
            yield ref, datetime.fromtimestamp(slot.created, UTC)

    def rings(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / RINGS).glob("*.ring"))

    def _slots(self, ring: str) -> list[tuple[KeyRef, Slot]]:
        try:
            slots = self._ring(ring).read()
        except KeyDestroyedError:
            return []
        try:
            return [(KeyRef(ring, KeyKind(slot.kind), id_from_bytes(slot.id)), slot) for slot in slots if slot]
        except ValueError:  # no such kind
            raise damaged(self._path(ring)) from None

    def _fault(self, ring: str) -> KeyringDamagedError | None:
        try:
            for ref, slot in self._slots(ring):
                self._unwrap(ref, slot)
        except KeyringDamagedError as fault:
            return fault
        except KeyDestroyedError:  # a process died before it removed the ring of the silo whose key it had destroyed
            return None
        return None

    def _clear(self, ring_name: str, names: Iterable[_Name]) -> int:
        ring = self._ring(ring_name)
        with ring.locked():
            cache = self._cache(ring_name, fresh=True)
            cleared = [name for name in dict.fromkeys(names) if name in cache.numbers]
            if cleared:
                slots: dict[int, Slot | None] = dict.fromkeys((cache.numbers[name] for name in cleared), None)
                self.mirrors.repeat(ring_name, ring.put(slots))
            with self._lock:
                for name in cleared:
                    cache.forget(name)
                cache.epoch, cache.changes = ring.epoch, ring.changes
                if ring_name == INSTANCE:  # keys that hang on the destroyed ones may be open: all are forgotten
                    self._caches.clear()
                forget_ciphers()
        return len(cleared)

    def _forget(self, name: str) -> None:
        with self._lock:
            self._caches.pop(name, None)
            forget_ciphers()

    def _find(self, ref: KeyRef, cache: _Cache) -> Slot:
        number = cache.numbers.get(_name(ref))
        slot = self._ring(ref.ring).slot(number) if number else None
        if slot is None or (slot.kind, slot.id) != (ref.kind, id_bytes(ref.id)):  # destroyed, its place taken again
            raise KeyDestroyedError("The key of this data is not in the keyring: the data was erased.")
        return slot

    def _slot(self, ref: KeyRef, key: bytes, parent: KeyRef | None) -> Slot:
        above = self._parent(ref, parent)
        return Slot(ref.kind, id_bytes(ref.id), above, int(now().timestamp()), self._wrap(ref, key, above))

    def _parent(self, ref: KeyRef, parent: KeyRef | None) -> bytes:
        if ref.ring != INSTANCE:
            return id_bytes(ref.ring)
        if (ref.kind in _UNDER_TEAM) != (parent is not None):
            raise ValueError("silo and field keys hang on a team key, all others of the instance on the root key")
        return id_bytes(parent.id) if parent else _ROOT

    def _above(self, ring: str, kind: int, parent: bytes) -> bytes | None:
        """The wrapping key one step up, or None for the root key."""
        if ring != INSTANCE:
            return derive(self.open(KeyRef(INSTANCE, KeyKind.SILO, ring)), "wrap")
        if kind in _UNDER_TEAM:
            return derive(self.open(KeyRef(INSTANCE, KeyKind.TEAM, id_from_bytes(parent))), "wrap")
        return None

    def _wrap(self, ref: KeyRef, key: bytes, parent: bytes) -> bytes:
        above, place = self._above(ref.ring, ref.kind, parent), _place(ref, parent)
        return self._root.wrap(key, context=place) if above is None else seal(above, key, place)

    def _unwrap(self, ref: KeyRef, slot: Slot) -> bytes:
        above, place = self._above(ref.ring, ref.kind, slot.parent), _place(ref, slot.parent)
        try:
            if above is not None:
                return unseal(above, slot.wrapped, place)
            return self._root.unwrap(slot.wrapped, context=place)
        except SealError:
            if above is None and not self._opens_any():
                raise RootKeyError(
                    "The root key does not open this keyring: it belongs to another installation, or one of the two is "
                    "damaged. Put the right one back, or restore with your recovery kit: muniment restore."
                ) from None
            raise damaged(self._path(ref.ring)) from None

    def _opens_any(self) -> bool:
        """Whether the root key is that of this keyring: then a key that does not open under it is damaged."""
        for ref, slot in self._slots(INSTANCE):
            if ref.kind not in _UNDER_TEAM:
                with suppress(SealError):
                    return bool(self._root.unwrap(slot.wrapped, context=_place(ref, slot.parent)))
        return False

    def _path(self, ring: str) -> Path:
        if ring != INSTANCE:
            id_bytes(ring)  # a ring name is a file name: nothing but an id may become one
        return self.folder / RINGS / f"{ring}.ring"

    def _ring(self, name: str, *, make: bool = False) -> Ring:
        with self._lock:
            ring = self._rings.get(name)
            if ring and not ring.is_current():  # dropped by another process
                self._caches.pop(name, None)
                ring = None
            if ring is None:
                path = self._path(name)
                ring = Ring(path) if path.exists() else self._missing(name, make=make)
            self._rings.pop(name, None)
            self._rings[name] = ring  # the last used comes last
            if len(self._rings) > OPEN_RINGS:
                oldest = next(iter(self._rings))
                del self._rings[oldest]
                self._caches.pop(oldest, None)
            return ring

    def _missing(self, name: str, *, make: bool) -> Ring:
        """Only the instance ring is made when it is first written to. A silo's is there as long as its silo key.

        Attack stopped: a disk that ate the ring of a silo, whose data would pass for erased, be swept, and have its
        ring begun anew here and in the mirrors.
        """
        if name == INSTANCE and make:
            return Ring.create(self._path(name))
        if name != INSTANCE and self.holds(KeyRef(INSTANCE, KeyKind.SILO, name)):
            raise damaged(self._path(name))
        raise KeyDestroyedError("The keys of this data are not in the keyring: the data was erased.")

    def _cache(self, name: str, *, fresh: bool = False) -> _Cache:
        """Never of an older epoch than the file; with `fresh`, also with the newest keys in it."""
        with self._lock:
            ring, cache = self._ring(name), self._caches.get(name)
            if cache is None or cache.epoch != ring.epoch or (fresh and cache.changes != ring.changes):
                cache = self._caches[name] = _Cache(ring, cache)
            self._caches.move_to_end(name)
            if len(self._caches) > KNOWN_RINGS:
                self._caches.popitem(last=False)
            return cache


def _name(ref: KeyRef) -> _Name:
    return bytes([ref.kind]) + id_bytes(ref.id)


def _place(ref: KeyRef, parent: bytes) -> bytes:
    return aad(silo=ref.ring, table="keyring", row=ref.id, purpose=f"{ref.kind.name} {parent.hex()}")
