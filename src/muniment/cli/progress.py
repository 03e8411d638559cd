"""How far long work is: a bar where a person looks, a plain line at each tenth where not. Always on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

At = Callable[[int, int], None]
"""Told (how much is done, of how much); both may grow."""


@contextmanager
def progress(label: str) -> Iterator[At]:
    if not sys.stderr.isatty():
        yield _Lines(label).at
        return
    with click.progressbar(length=0, label=label, file=sys.stderr) as bar:

        def at(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield at


class _Lines:
    def __init__(self, label: str) -> None:
        self._label = label
        self._tenths = 0

    def at(self, done: int, of: int) -> None:
        tenths = done * 10 // of if of else 0
        if tenths > self._tenths:
            self._tenths = tenths
            click.echo(f"{self._label}: {done} of {of}", err=True)
