"""Words nobody else writes, and a search for them in every form a disk may hold them in."""

import base64
import mmap
import secrets
from collections.abc import Iterator
from pathlib import Path


def canary() -> str:
    """Letters alone: long enough to be nobody's, one word for tokenizers and for readers of PDFs."""
    return "canary" + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(20))


def forms(word: str) -> dict[str, bytes]:
    """The word in UTF-8 and both UTF-16, and what each of the three alignments of base64 leaves unchanged of it."""
    plain = word.encode()
    found = {"utf-8": plain, "utf-16-le": word.encode("utf-16-le"), "utf-16-be": word.encode("utf-16-be")}
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + plain)
        found[f"base64+{shift}"] = coded[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]
    return found


def hits(words: list[str], folders: list[Path]) -> list[str]:
    """Which word lies in which form in which file; files that vanish while we look are passed over."""
    needles = [(word, form, needle) for word in words for form, needle in forms(word).items()]
    return [
        f"{word} as {form} in {path}"
        for path, content in _contents(folders)
        for word, form, needle in needles
        if content.find(needle) >= 0
    ]


def _contents(folders: list[Path]) -> Iterator[tuple[Path, mmap.mmap]]:
    for folder in folders:
        for path in [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]:
            try:
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as content:
                    yield path, content
            except (FileNotFoundError, ValueError):  # gone, or empty
                continue
