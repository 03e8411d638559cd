"""The wire format of protocol buffers, as far as reading and writing a graph for onnxruntime needs it."""

from collections.abc import Iterator

BYTES = 2  # the wire type of strings, bytes and messages
_SIZES = {1: 8, 5: 4}


def fields(message: memoryview) -> Iterator[tuple[int, memoryview | None, memoryview]]:
    """(field number, content of a length-delimited field, the field as it stands) of each field in order."""
    at = 0
    while at < len(message):
        tag, end = varint(message, at)
        content = None
        if tag & 7 == BYTES:
            size, start = varint(message, end)
            end = start + size
            content = message[start:end]
        elif tag & 7 in _SIZES:
            end += _SIZES[tag & 7]
        else:
            _, end = varint(message, end)
        yield tag >> 3, content, message[at:end]
        at = end


def varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number that begins here, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def varint_bytes(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field."""
    return varint_bytes(number << 3 | BYTES) + varint_bytes(len(content)) + content


def number_field(number: int, value: int) -> bytes:
    return varint_bytes(number << 3) + varint_bytes(value)
