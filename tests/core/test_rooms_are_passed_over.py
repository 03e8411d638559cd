"""Each address is found as Django alone would find it, and no other."""

from collections.abc import Iterator

import pytest
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern, RoutePattern

from muniment.core.rooms import RoomResolver

ROOMS: list[RoomResolver] = get_resolver().url_patterns


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """With something in place of what varies."""
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, here)
        else:
            yield "/".join("7" if part.startswith("<") else part for part in here.split("/"))


def found(way: type[URLResolver], room: RoomResolver, address: str) -> object:
    try:
        match: ResolverMatch | None = way.resolve(room, address)
    except Resolver404:
        return None
    return match and match.func


def test_a_room_is_passed_over_only_where_it_has_nothing() -> None:
    every = [*addresses(ROOMS), "sso", "ssoo/confirm", "sign-in/organisation/", "nowhere", "/", "Sso/confirm"]
    assert len(every) > 100
    assert sum(found(URLResolver, room, one) is not None for room in ROOMS for one in every) > 100
    for room in ROOMS:
        for one in every:
            assert found(RoomResolver, room, one) is found(URLResolver, room, one), one


def test_what_is_nowhere_is_not_found() -> None:
    assert resolve("/sso/confirm").func is not None
    with pytest.raises(Resolver404):
        resolve("/ssoo/confirm")


def view() -> None: ...


@pytest.mark.parametrize(
    "anything",
    [
        URLPattern(RoutePattern("<str:any>/x", is_endpoint=True), view),
        URLPattern(RegexPattern("^[a-z]/x$", is_endpoint=True), view),
        URLResolver(RoutePattern(""), [URLPattern(RoutePattern("b/x", is_endpoint=True), view)]),
    ],
    ids=["a part that varies", "an expression", "others without a beginning of their own"],
)
def test_a_room_whose_addresses_begin_with_anything_is_never_passed_over(anything: URLPattern | URLResolver) -> None:
    known = URLPattern(RoutePattern("a", is_endpoint=True), view)
    assert RoomResolver(RoutePattern(""), [known, anything]).resolve("b/x").func is view
    with pytest.raises(Resolver404):
        RoomResolver(RoutePattern(""), [known]).resolve("b/x")
