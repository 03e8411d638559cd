"""Takes out of the exported graph the NaN guards that cost half of its time and can never act.

PyTorch's exporter wraps each attention softmax in `Where(IsNaN(p), 0, p)`, for rows in which every token is masked.
We never send such a row (each text has its two marks), so the guard is the identity; onnxruntime computes it over
the largest tensors of the model nevertheless. Format: onnx.proto (ModelProto.graph = 7; GraphProto.node = 1;
NodeProto.input = 1, output = 2, op_type = 4) in protocol buffers' wire format.
"""

from collections.abc import Iterator

GRAPH, NODE, INPUT, OUTPUT, OPERATOR = 7, 1, 1, 2, 4
BYTES = 2  # the wire type of strings, bytes and messages
SIZES = {1: 8, 5: 4}


def without_nan_guards(model: bytes) -> bytes:
    """The same model with each guard turned into Identity, which onnxruntime then removes. Values are unchanged."""
    return b"".join(
        _field(GRAPH, _cleaned(content)) if number == GRAPH and content is not None else raw
        for number, content, raw in _fields(memoryview(model))
    )


def _cleaned(graph: memoryview) -> bytes:
    fields = list(_fields(graph))
    nodes = [content for number, content, _ in fields if number == NODE and content is not None]
    guards = {name for node in nodes if _texts(node, OPERATOR) == ["IsNaN"] for name in _texts(node, OUTPUT)}
    return b"".join(
        _unguarded(content, raw, guards) if number == NODE and content is not None else raw
        for number, content, raw in fields
    )


def _unguarded(node: memoryview, raw: memoryview, guards: set[str]) -> bytes | memoryview:
    operator, inputs = _texts(node, OPERATOR), _texts(node, INPUT)
    if operator == ["IsNaN"]:
        return b""
    if operator != ["Where"] or inputs[0] not in guards:
        return raw
    (output,) = _texts(node, OUTPUT)
    identity = _field(INPUT, inputs[2].encode()) + _field(OUTPUT, output.encode()) + _field(OPERATOR, b"Identity")
    return _field(NODE, identity)


def _texts(node: memoryview, wanted: int) -> list[str]:
    return [bytes(content).decode() for number, content, _ in _fields(node) if number == wanted and content is not None]


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | None, memoryview]]:
    """(field number, content of a length-delimited field, the field as it stands) of each field in order."""
    at = 0
    while at < len(message):
        tag, end = _varint(message, at)
        content = None
        if tag & 7 == BYTES:
            size, start = _varint(message, end)
            end = start + size
            content = message[start:end]
        elif tag & 7 in SIZES:
            end += SIZES[tag & 7]
        else:
            _, end = _varint(message, end)
        yield tag >> 3, content, message[at:end]
        at = end


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _field(number: int, content: bytes) -> bytes:
    return _varint_bytes(number << 3 | BYTES) + _varint_bytes(len(content)) + content


def _varint_bytes(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
