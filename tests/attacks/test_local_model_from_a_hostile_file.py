"""Attacker: whoever made the model file. Move: one that is cut, garbage, mutated, or lies about its sizes. Guarantee:
G-91, only its own child ends, with a sentence, and an honest model beside it goes on."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.core.errors import MunimentError
from muniment.llm.errors import ModelFileError
from tests.llm.gguf import chain, model_bytes, write_model
from tests.llm.local_models import Start, answer, start  # noqa: F401 - a fixture

HELLO = chain("Helo!", after="\n")
SOUND = model_bytes(HELLO)
HOSTILE = {
    "cut in its head": lambda: SOUND[:40],
    "cut in its tables": lambda: SOUND[:4_000],
    "cut in its numbers": lambda: SOUND[: len(SOUND) // 2],
    "garbage": lambda: b"GGUF" + random.Random(1).randbytes(100_000),  # noqa: S311
    "many tensors": lambda: SOUND[:8] + struct.pack("<Q", 2**62) + SOUND[16:],
    "many fields": lambda: SOUND[:16] + struct.pack("<Q", 2**62) + SOUND[24:],
    "a long name": lambda: SOUND[:24] + struct.pack("<Q", 2**63) + SOUND[32:],
    "another format's future": lambda: SOUND[:4] + struct.pack("<I", 99) + SOUND[8:],
    "no architecture": lambda: SOUND.replace(b"llama", b"lamia"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_its_child_alone_and_is_said(start: Start, tmp_path: Path, name: str) -> None:  # noqa: F811
    honest = start(write_model(tmp_path / "honest.gguf", HELLO))
    assert answer(honest, "Who?") == "Helo!"
    first = honest.pid
    path = tmp_path / "hostile.gguf"
    path.write_bytes(HOSTILE[name]())
    model = start(path)
    for _ in range(2):
        with pytest.raises(ModelFileError, match="MUNIMENT_LOCAL_MODEL"):
            answer(model, "Who?")
    assert model.pid is None
    assert answer(honest, "Who?") == "Helo!"
    assert honest.pid == first


@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_one_answers_or_ends_with_a_sentence(start: Start, tmp_path: Path, seed: int) -> None:  # noqa: F811
    dice = random.Random(seed)  # noqa: S311 - the same file for the same seed is the point
    data = bytearray(SOUND)
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(24, 8_000)] = dice.randrange(256)
    path = tmp_path / "mutated.gguf"
    path.write_bytes(data)
    said = ended(lambda: answer(start(path), "Who?"))
    assert said is None or said.endswith(".")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [(b"", "a.gguf", "no GGUF"), (b"PK\3\4", "a.gguf", "no GGUF"), (SOUND, "a-00001-of-00003.gguf", "several parts")],
)
def test_what_cannot_be_one_starts_nothing(
    start: Start,  # noqa: F811
    tmp_path: Path,
    content: bytes,
    name: str,
    sentence: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=sentence):
        answer(start(path), "Who?")


def test_a_missing_one_is_said(start: Start, tmp_path: Path) -> None:  # noqa: F811
    with pytest.raises(ModelFileError, match="cannot be read"):
        answer(start(tmp_path / "none.gguf"), "Who?")


def ended(act: Callable[[], object]) -> str | None:
    try:
        act()
    except MunimentError as error:
        return str(error)
    return None
