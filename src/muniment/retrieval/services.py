"""Mending the index."""

from muniment.retrieval.writing import rebuild
from muniment.silo.sealed import Silo


def rebuild_index(silo: Silo) -> None:
    """Makes all segments anew from the chunks that can be opened: after a restore took some segments' keys."""
    with silo.writing() as writer:
        rebuild(writer)
