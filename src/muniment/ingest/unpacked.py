"""What the sandboxed child hands out of an archive: some of its files, and where to go on.

The bytes are a length (4 bytes, big-endian), a header of that length (JSON: the next number or null, and a name and a
size for each file), and the files one behind the other.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from muniment.core.errors import CorruptedError

_LENGTH = struct.Struct(">I")
_LONGEST_NAME = 4_096
_BROKEN = "The files of an archive do not make sense; upload the archive again."


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is its path in the archive, through the archives in it; a name to be shown, never a path to be opened."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`following` is the number of the first file that is not here; None when these are the last."""

    members: Sequence[Member]
    following: int | None

    def to_bytes(self) -> bytes:
        described = [[member.name, len(member.data)] for member in self.members]
        header = json.dumps([self.following, described]).encode()
        return b"".join([_LENGTH.pack(len(header)), header, *(member.data for member in self.members)])

    @classmethod
    def from_bytes(cls, data: bytes, *, first: int) -> Self:
        """`first`: the number asked for. Raises CorruptedError: the child is not believed, and never loops."""
        try:
            (length,) = _LENGTH.unpack_from(data)
            at = _LENGTH.size + length
            following, described = json.loads(data[_LENGTH.size : at])
            members = []
            for name, size in described:
                if type(size) is not int or size < 0 or not isinstance(name, str) or len(name) > _LONGEST_NAME:
                    raise CorruptedError(_BROKEN)
                name.encode()  # no lone surrogate
                members.append(Member(name, data[at : at + size]))
                at += size
        except (ValueError, TypeError, RecursionError, struct.error):
            raise CorruptedError(_BROKEN) from None
        goes_on = following is None or (type(following) is int and following == first + len(members) > first)
        if at != len(data) or not goes_on:
            raise CorruptedError(_BROKEN)
        return cls(members, following)
