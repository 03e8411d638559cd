"""Being told how far long work is."""

from collections.abc import Callable

Watch = Callable[[int, int], None]
"""Told how much is done, of how much."""


def unwatched(done: int, of: int) -> None:
    """Nobody looks."""
