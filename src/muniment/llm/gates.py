"""The last look before the wire, as every call to a model passes it."""

from muniment.core.registries import OutboundMasking, outbound_gates
from muniment.llm.errors import ModelRefusedError


def through_gates(content: bytes, *, masking: OutboundMasking) -> bytes:
    """Attack stopped: a gate that is not there lets everything through. None registered: nothing goes out."""
    if not list(outbound_gates):
        raise ModelRefusedError("Nothing looks at what would go out, so nothing does. Start the server anew.")
    for name in outbound_gates:
        content = outbound_gates.get(name)(content, masking=masking)
    return content
