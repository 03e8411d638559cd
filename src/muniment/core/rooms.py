"""The addresses of a room, among those of the others."""

from django.urls import Resolver404, URLPattern, URLResolver, include
from django.urls.resolvers import ResolverMatch, RoutePattern
from django.utils.functional import cached_property


class RoomResolver(URLResolver):
    """Django tries pattern by pattern, of all rooms in turn: a tenth of a small request. Here a room is passed over
    when none of its patterns begins as the address does.
    """

    def resolve(self, path: str) -> ResolverMatch:
        begins = path.partition("/")[0]
        if self._beginnings is not None and begins not in self._beginnings:
            raise Resolver404({"tried": [], "path": path})
        return super().resolve(path)

    @cached_property
    def _beginnings(self) -> frozenset[str] | None:
        """First parts of the room's addresses; None where one may be anything."""
        found = [(one, str(one.pattern).partition("/")[0]) for one in self.url_patterns]
        return None if any(_is_open(one, begins) for one, begins in found) else frozenset(one for _, one in found)


def _is_open(one: URLPattern | URLResolver, begins: str) -> bool:
    nested = isinstance(one, URLResolver) and not begins
    return nested or "<" in begins or not isinstance(one.pattern, RoutePattern)


def room(urls: str) -> RoomResolver:
    """`urls`: the module with the addresses, from the root on."""
    module, app_name, namespace = include(urls)
    return RoomResolver(RoutePattern(""), module, app_name=app_name, namespace=namespace)
