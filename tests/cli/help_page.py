"""What each command's --help says, in docs/commands.md; the words around it are kept.

tools/document-commands     writes it anew
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from muniment.cli.frame import muniment

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "commands.md"
BLOCK = re.compile(r"^```\n\$ (muniment[^\n]*) --help$.*?^```$", re.MULTILINE | re.DOTALL)


def renewed(page: str) -> str:
    """The page with every block of help as the commands say it now."""
    return BLOCK.sub(lambda block: f"```\n$ {block[1]} --help\n{_help(block[1].split()[1:])}\n```", page)


def documented(page: str) -> set[str]:
    """The commands whose help is on the page."""
    return {block[1].removeprefix("muniment ") for block in BLOCK.finditer(page)}


def every_command() -> Iterator[str]:
    """Each command that does something, by its words."""
    yield from _below(muniment, [])


def _below(group: click.Group, words: list[str]) -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from _below(command, [*words, name])
        else:
            yield " ".join([*words, name])


def _help(words: list[str]) -> str:
    command: click.Command = muniment
    for word in words:
        assert isinstance(command, click.Group)
        below = command.get_command(click.Context(command), word)
        assert below, f"There is no command {word}"
        command = below
    context = click.Context(
        command, info_name=" ".join(["muniment", *words]), terminal_width=100, max_content_width=100
    )
    return command.get_help(context).rstrip()


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text()))
