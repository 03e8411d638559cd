"""A real GGUF file of a language model of a few hundred kilobytes, made here, whose answers are known.

Architecture `llama` without attention to speak of: each token's vector is its own axis, all blocks add nothing, and the
last layer leads from each token to the one that follows it in `follows`. So the model says, after the last character of
what it is asked, always the same. Format: GGUF, version 3, as llama.cpp documents it.
"""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

CHATML = (
    "{% for message in messages %}"
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
_MARKS = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
START, END = 3, 4
WIDTH = 288
_NORMAL, _CONTROL, _BYTE = 1, 3, 6
_U32, _F32, _STRING, _ARRAY, _I32 = 4, 6, 8, 9, 5


def byte(character: str) -> int:
    return len(_MARKS) + ord(character)


def chain(text: str, *, after: str, then: int = END) -> dict[int, int]:
    """Says `text`, no character of which may come twice, whenever the last character was `after`."""
    steps = [byte(one) for one in after + text]
    return dict(zip(steps, [*steps[1:], then], strict=True))


def write_model(path: Path, follows: Mapping[int, int], *, template: str | None = CHATML) -> Path:
    path.write_bytes(model_bytes(follows, template=template))
    return path


def model_bytes(follows: Mapping[int, int], *, template: str | None = CHATML) -> bytes:
    size = len(_MARKS) + 256
    leads = np.zeros((size, WIDTH), dtype=np.float32)
    for token in range(size):
        leads[follows.get(token, END), token] = 1.0
    norm, square = np.ones(WIDTH, np.float32), np.zeros((WIDTH, WIDTH), np.float32)
    tensors = {
        "token_embd.weight": np.eye(size, WIDTH, dtype=np.float32),
        "output_norm.weight": norm,
        "output.weight": leads,
        **{f"blk.0.{name}_norm.weight": norm for name in ("attn", "ffn")},
        **{f"blk.0.{name}.weight": square for name in ("attn_q", "attn_k", "attn_v", "attn_output")},
        **{f"blk.0.{name}.weight": square for name in ("ffn_gate", "ffn_up", "ffn_down")},
    }
    return _file(_fields(size, template), tensors)


def _fields(size: int, template: str | None) -> list[bytes]:
    tokens = [*_MARKS, *(f"<0x{number:02X}>" for number in range(256))]
    kinds = [2, _CONTROL, _CONTROL, _CONTROL, _CONTROL, *([_BYTE] * 256)]
    fields = [
        _field("general.architecture", _STRING, _text("llama")),
        *(
            _field(f"llama.{name}", _U32, struct.pack("<I", value))
            for name, value in {
                "context_length": 4096, "embedding_length": WIDTH, "block_count": 1, "feed_forward_length": WIDTH,
                "attention.head_count": 4, "attention.head_count_kv": 4, "rope.dimension_count": WIDTH // 4,
                "vocab_size": size,
            }.items()
        ),
        _field("llama.attention.layer_norm_rms_epsilon", _F32, struct.pack("<f", 1e-5)),
        _field("tokenizer.ggml.model", _STRING, _text("llama")),
        _field("tokenizer.ggml.tokens", _ARRAY, _array(_STRING, [_text(token) for token in tokens])),
        _field("tokenizer.ggml.scores", _ARRAY, _array(_F32, [struct.pack("<f", 0.0)] * size)),
        _field("tokenizer.ggml.token_type", _ARRAY, _array(_I32, [struct.pack("<i", kind) for kind in kinds])),
        _field("tokenizer.ggml.bos_token_id", _U32, struct.pack("<I", 1)),
        _field("tokenizer.ggml.eos_token_id", _U32, struct.pack("<I", END)),
        _field("tokenizer.ggml.add_space_prefix", 7, b"\0"),
    ]  # fmt: skip
    return fields if template is None else [*fields, _field("tokenizer.chat_template", _STRING, _text(template))]


def _file(fields: Sequence[bytes], tensors: Mapping[str, npt.NDArray[np.float32]]) -> bytes:
    places, data = b"", b""
    for name, values in tensors.items():
        data += bytes(-len(data) % 32)
        shape = struct.pack(f"<{values.ndim}Q", *reversed(values.shape))
        places += _text(name) + struct.pack("<I", values.ndim) + shape + struct.pack("<IQ", 0, len(data))
        data += values.astype("<f4").tobytes()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields)) + b"".join(fields) + places
    return head + bytes(-len(head) % 32) + data


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _field(name: str, kind: int, value: bytes) -> bytes:
    return _text(name) + struct.pack("<I", kind) + value


def _array(kind: int, values: Sequence[bytes]) -> bytes:
    return struct.pack("<IQ", kind, len(values)) + b"".join(values)
