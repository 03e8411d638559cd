"""What a person searches a list for: kept in the session; the address, and so each log, has its short id alone."""

from dataclasses import dataclass
from secrets import token_urlsafe

from django.http import HttpRequest

_KEPT = 20  # in a session; the oldest are forgotten
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Searches:
    """Of one list. `key`: in the session; `address`: of the list."""

    key: str
    address: str

    def keep(self, request: HttpRequest) -> str:
        """Where the list that was searched for stands: for a form with the field `q`."""
        q = request.POST.get("q", "").strip()[:_LONGEST]
        if not q:
            return self.address
        search = token_urlsafe(6)
        request.session[self.key] = dict([*self._kept(request).items(), (search, q)][-_KEPT:])
        return self.at(request, search)

    def words(self, request: HttpRequest) -> tuple[str, str]:
        """The id in the address, and what was searched for; both empty where that is not known in this session."""
        search = request.GET.get("search", "")
        q = self._kept(request).get(search, "")
        return (search, q) if q else ("", "")

    def at(self, request: HttpRequest, search: str) -> str:
        """The address of a search by its id, as far as it is known."""
        return f"{self.address}?search={search}" if search in self._kept(request) else self.address

    def _kept(self, request: HttpRequest) -> dict[str, str]:
        kept: dict[str, str] = request.session.get(self.key, {})
        return kept
