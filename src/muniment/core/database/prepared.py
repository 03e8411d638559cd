"""Queries whose SQL is written once.

Django writes the SQL of a query anew each time, which takes five to ten times as long as SQLite takes to answer it
(docs/benchmarks.md). This is for the few that every request of a kind asks; it asks the database each time all the
same, and remembers no answer.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Expression, QuerySet

if TYPE_CHECKING:
    from muniment.core.database.base import DatabaseWrapper

_T = TypeVar("_T")


class Given(Expression):
    """Stands where a value comes when the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002 - its signature
        return "%s", [self]


class Prepared(Generic[_T]):
    """`rows`: the query, with `Given` in the place of its values: `Prepared(lambda: ...filter(pk=Given("id")))`."""

    def __init__(self, rows: "Callable[[], QuerySet[Any, _T]]") -> None:
        self._rows = rows

    def ask(self, **values: str | bytes | int) -> list[_T]:
        """What the query finds now. Values are as the database keeps them: no field makes them so."""
        prepared = cast("DatabaseWrapper", connection).prepared
        if self not in prepared:
            prepared[self] = Written(self._rows())
        return cast("list[_T]", prepared[self].ask(values))

    def first(self, **values: str | bytes | int) -> _T | None:
        """For a query that finds one at most, or is ordered."""
        return next(iter(self.ask(**values)), None)


class Written:
    """A query and its SQL, of one connection and so of one thread."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        compiler = rows.query.get_compiler(using=connection.alias)
        self._sql, self._places = compiler.as_sql()
        self._values: dict[str, Any] = {}
        compiler.as_sql = self._as_sql
        rows.query.get_compiler = lambda *_, **__: compiler

    def ask(self, values: dict[str, Any]) -> list[Any]:
        self._values = values
        try:
            return list(self._rows._iterable_class(self._rows))  # noqa: SLF001 - the part of a queryset that keeps nothing
        finally:
            self._values = {}  # keys of sessions and hashes of tokens are among them

    def _as_sql(self, *_: object, **__: object) -> tuple[str, list[Any]]:
        return self._sql, [self._values[one.name] if isinstance(one, Given) else one for one in self._places]
