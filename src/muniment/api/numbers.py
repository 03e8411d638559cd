"""Whole numbers for things that we know by random ids: CustomGPT.ai's clients count in them.

Random like the ids, so that they tell neither how many things there are nor which came first; below 2^53, so that a
client in JavaScript keeps them whole.
"""

from collections.abc import Collection

from muniment.api.models import Number
from muniment.core.errors import NotFoundError


def numbers(refs: Collection[str], *, within: str = "") -> dict[str, int]:
    """By id; made where there was none yet. `within`: the agent they all belong to."""
    known = _known(refs)
    if missing := set(refs) - set(known):
        Number.objects.bulk_create([Number(ref=ref, within=within) for ref in missing], ignore_conflicts=True)
        known |= _known(missing)
    return known


def number(ref: str, *, within: str = "") -> int:
    return numbers([ref], within=within)[ref]


def ref_of(known_as: int) -> str:
    """The id behind a number. NotFoundError for one that was never given out: whether it is theirs is asked later."""
    return _found(known_as).ref


def agent_of(known_as: int) -> tuple[str, str]:
    """The ids behind a number of what lies in a silo: its own, and that of its agent. NotFoundError."""
    found = _found(known_as)
    return found.ref, found.within


def _found(known_as: int) -> Number:
    found = Number.objects.filter(pk=known_as).first()
    if found is None:
        raise NotFoundError("There is nothing with this id.")
    return found


def _known(refs: Collection[str]) -> dict[str, int]:
    return dict(Number.objects.filter(ref__in=list(refs)).values_list("ref", "pk"))
