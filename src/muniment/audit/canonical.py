"""Canonical JSON (RFC 8785) for what an audit entry may hold: strings, whole numbers, booleans, null, lists, objects.

Floats are refused: their canonical form (ECMAScript's) is the one hard part of the standard, and no entry needs one.
Whole numbers outside +-(2^53 - 1) are refused, for other readers would round them.
"""

import json
from collections.abc import Mapping
from typing import Any

from muniment.audit.errors import NotCanonicalError

LARGEST = 2**53 - 1


def encode(value: object) -> bytes:
    """UTF-8, no white space, names sorted by UTF-16 code units. Raises NotCanonicalError."""
    try:
        return json.dumps(_checked(value), ensure_ascii=False, separators=(",", ":")).encode()
    except (UnicodeEncodeError, RecursionError) as error:  # a lone surrogate has no UTF-8
        raise NotCanonicalError("This text cannot be written in an audit entry.") from error


def decode(data: bytes) -> Any:
    """The value, if `data` is its one canonical spelling: a doubled name could hide a second meaning."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("These bytes are not JSON.") from error
    if encode(value) != data:
        raise NotCanonicalError("These bytes are not canonical JSON.")
    return value


def _checked(value: object) -> object:
    if value is None or type(value) is bool or isinstance(value, str):
        return value
    if type(value) is int and abs(value) <= LARGEST:
        return value
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: _checked(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    raise NotCanonicalError(f"An audit entry holds no {type(value).__name__} of this kind.")
