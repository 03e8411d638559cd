"""Takes out of the exported graph the NaN guards that cost half of its time and can never act.

PyTorch's exporter wraps each attention softmax in `Where(IsNaN(p), 0, p)`, for rows in which every token is masked.
We never send such a row (each text has its two marks), so the guard is the identity; onnxruntime computes it over
the largest tensors of the model nevertheless. Format: onnx.proto (ModelProto.graph = 7; GraphProto.node = 1;
NodeProto.input = 1, output = 2, op_type = 4) in protocol buffers' wire format.
"""

from muniment.core.protobuf import field, fields

GRAPH, NODE, INPUT, OUTPUT, OPERATOR = 7, 1, 1, 2, 4


def without_nan_guards(model: bytes) -> bytes:
    """The same model with each guard turned into Identity, which onnxruntime then removes. Values are unchanged."""
    return b"".join(
        field(GRAPH, _cleaned(content)) if number == GRAPH and content is not None else raw
        for number, content, raw in fields(memoryview(model))
    )


def _cleaned(graph: memoryview) -> bytes:
    parts = list(fields(graph))
    nodes = [content for number, content, _ in parts if number == NODE and content is not None]
    guards = {name for node in nodes if _texts(node, OPERATOR) == ["IsNaN"] for name in _texts(node, OUTPUT)}
    return b"".join(
        _unguarded(content, raw, guards) if number == NODE and content is not None else raw
        for number, content, raw in parts
    )


def _unguarded(node: memoryview, raw: memoryview, guards: set[str]) -> bytes | memoryview:
    operator, inputs = _texts(node, OPERATOR), _texts(node, INPUT)
    if operator == ["IsNaN"]:
        return b""
    if operator != ["Where"] or inputs[0] not in guards:
        return raw
    (output,) = _texts(node, OUTPUT)
    identity = field(INPUT, inputs[2].encode()) + field(OUTPUT, output.encode()) + field(OPERATOR, b"Identity")
    return field(NODE, identity)


def _texts(node: memoryview, wanted: int) -> list[str]:
    return [bytes(content).decode() for number, content, _ in fields(node) if number == wanted and content is not None]
