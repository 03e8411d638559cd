"""Filters and orders of SCIM as queries (RFC 7644, section 3.4.2.2): each attribute is a column, or is refused.

Attack stopped: a filter that reaches into another table, or is more than it looks. No name in a filter becomes part of
a query: it is looked up here. Values are parameters, also of what searches inside text, where LIKE reads wildcards.
Attack stopped: one of a thousand nested parts, which takes the server's stack or minutes of the database's.

Residue accepted: SQLite folds the case of ASCII alone, so that names in other letters are compared as they are written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Model, Q, Value
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import Left, Lower, NullIf, Right, StrIndex
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)
from scim2_models import InvalidFilterException, SCIMException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from muniment.scim.models import Group, GroupMember, Provisioned
from muniment.scim.refusals import refused

LONGEST = 2048  # characters
MOST_PARTS = 40  # brackets of either kind, and comparisons
_ORDERS: Mapping[CompareOperator, type[Any]] = {
    CompareOperator.gt: GreaterThan,
    CompareOperator.ge: GreaterThanOrEqual,
    CompareOperator.lt: LessThan,
    CompareOperator.le: LessThanOrEqual,
}
_INSIDE = frozenset({CompareOperator.co, CompareOperator.sw, CompareOperator.ew})
ALL, NONE = ~Q(pk__in=[]), Q(pk__in=[])
Order = Expression | F


def require_short(text: str) -> None:
    """Before anything parses it. Raises InvalidFilterException."""
    if len(text) > LONGEST or sum(map(text.count, ("(", "[", " and ", " or "))) > MOST_PARTS:
        raise refused(InvalidFilterException, "This filter is longer than a provider needs. Ask for less at once.")


@dataclass(frozen=True, slots=True)
class Text:
    """A column of text; the empty string stands for no value. `is_lower`: it holds lower case alone."""

    column: str
    is_exact: bool = False
    is_lower: bool = False

    def q(self, op: CompareOperator, value: Any) -> Q:
        if value is None:
            return _of_nothing(op, Q(**{self.column: ""}))
        text = str(value)
        if op is CompareOperator.ne:
            return ~self.q(CompareOperator.eq, text)
        if self.is_lower and op is CompareOperator.eq:
            # As a query of its own, or SQLite goes through the whole team in the order of the answer: 170 ms, not 1.
            return Q(pk__in=Provisioned.objects.filter(**{self.column: text.lower()}).values("pk"))
        left, right = self._comparable(F(self.column)), self._comparable(Value(text))
        if op in _INSIDE:
            return self._inside(op, left, right, len(text)) & self.present
        return Q(_ORDERS.get(op, Exact)(left, right)) & self.present

    @property
    def present(self) -> Q:
        return ~Q(**{self.column: ""})

    def order(self) -> Order:
        return NullIf(self._comparable(F(self.column)), Value(""))

    def _comparable(self, what: Any) -> Any:
        return what if self.is_exact else Lower(what)

    def _inside(self, op: CompareOperator, left: Any, right: Any, length: int) -> Q:
        if not length:
            return ALL
        if op is CompareOperator.co:
            return Q(GreaterThan(StrIndex(left, right), 0))
        part = Left(left, length) if op is CompareOperator.sw else Right(left, length)
        return Q(Exact(part, right))


@dataclass(frozen=True, slots=True)
class Moment:
    column: str

    def q(self, op: CompareOperator, value: Any) -> Q:
        if value is None:
            return _of_nothing(op, NONE)
        if op in _INSIDE:
            raise _untranslatable("a time")
        moment = value if isinstance(value, datetime) else _moment(str(value))
        lookup = {CompareOperator.eq: "exact", CompareOperator.ne: "exact"}.get(op, str(op.value))
        lookup = {"ge": "gte", "le": "lte"}.get(lookup, lookup)
        found = Q(**{f"{self.column}__{lookup}": moment})
        return ~found if op is CompareOperator.ne else found

    @property
    def present(self) -> Q:
        return ALL

    def order(self) -> Order:
        return F(self.column)


@dataclass(frozen=True, slots=True)
class Flag:
    """True where `when` holds."""

    when: Q

    def q(self, op: CompareOperator, value: Any) -> Q:
        if value is None:
            return _of_nothing(op, NONE)
        if op not in {CompareOperator.eq, CompareOperator.ne}:
            raise _untranslatable("yes or no")
        wanted = value if isinstance(value, bool) else str(value).lower() == "true"
        return self.when if wanted == (op is CompareOperator.eq) else ~self.when

    @property
    def present(self) -> Q:
        return ALL

    def order(self) -> Order:
        return ExpressionWrapper(self.when, output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Always:
    """The same for all."""

    value: str | bool

    def q(self, op: CompareOperator, value: Any) -> Q:
        if op not in {CompareOperator.eq, CompareOperator.ne}:
            raise _untranslatable("what is the same for all")
        same = str(value).lower() == str(self.value).lower()
        return ALL if same == (op is CompareOperator.eq) else NONE

    @property
    def present(self) -> Q:
        return ALL

    def order(self) -> Order:
        return Value(1)


Column = Text | Moment | Flag | Always


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` by the attribute's name in lower case; `many`: attributes of many values, whose rows are GroupMember's,
    with the column that leads back, and the table to compare such a row by.
    """

    columns: Mapping[str, Column]
    many: Mapping[str, tuple[str, "Table"]]

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(name.partition(".")[0] for name in (*self.columns, *self.many))


_META: dict[str, Column] = {
    "meta.created": Moment("created_at"),
    "meta.lastmodified": Moment("changed_at"),
    "id": Text("pk", is_exact=True),
    "externalid": Text("external_id", is_exact=True),
}
_EMAIL = Text("membership__user__email", is_lower=True)
_ACTIVE = Q(membership__suspended_at=None, membership__user__is_active=True)
_GROUPS = Table({"value": Text("group_id", is_exact=True), "display": Text("group__display_name")}, {})
_MEMBERS = Table({"value": Text("person_id", is_exact=True), "type": Always("User")}, {})
USERS = Table(
    {
        **_META,
        "username": _EMAIL,
        "emails": _EMAIL,
        "emails.value": _EMAIL,
        "emails.type": Always("work"),
        "emails.primary": Always(True),
        "displayname": Text("membership__user__name"),
        "name.givenname": Text("given_name"),
        "name.familyname": Text("family_name"),
        "active": Flag(_ACTIVE),
        "meta.resourcetype": Always("User"),
    },
    {"groups": ("person", _GROUPS)},
)
GROUPS = Table(
    {**_META, "displayname": Text("display_name"), "meta.resourcetype": Always("Group")},
    {"members": ("group", _MEMBERS)},
)


def table_of(model: type[Model]) -> Table:
    return {Provisioned: USERS, Group: GROUPS}[model]


class Translated(FilterVisitor[Q]):
    """A filter's tree as a condition on the rows of one table. `within`: the attribute whose single values it is of;
    `beside`: the tables that are searched with it.
    """

    def __init__(self, table: Table, *, within: str = "", beside: Sequence[Table] = ()) -> None:
        self._table = table
        self._within = within
        self._beside = beside

    def visit_comparison(self, node: Comparison) -> Q:
        return self._on(node.attr_path, lambda column: column.q(node.op, node.value), node.op)

    def visit_present(self, node: Present) -> Q:
        return self._on(node.attr_path, lambda column: column.present, None)

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        first, *others = (self.visit(term) for term in node.terms)
        for term in others:
            first = first & term if node.op is LogicalOperator.and_ else first | term
        return first

    def visit_value_path(self, node: ValuePath) -> Q:
        name = node.attr_path.attr.lower()
        if name in self._table.many:
            return self._among(name, lambda table: Translated(table).visit(node.val_filter))
        if self._is_beside(name):
            return NONE
        return Translated(self._table, within=name).visit(node.val_filter)  # of at most one value: all hold of that one

    def _on(self, path: AttrPath, condition: Callable[[Column], Q], op: CompareOperator | None) -> Q:
        name = _name(path, self._within)
        head, _, sub = name.partition(".")
        if column := self._table.columns.get(name):
            return condition(column)
        if head in self._table.many:
            table = self._table.many[head][1]
            inner = table.columns.get(sub or "value")
            if inner is not None and op is CompareOperator.ne:  # of many values: none is this one
                return ~self._among(head, lambda _: ~condition(inner))
            if inner is not None:
                return self._among(head, lambda _: condition(inner))
        if name == "name" and op is None:
            return self._table.columns["name.givenname"].present | self._table.columns["name.familyname"].present
        if self._is_beside(head):  # an attribute of others alone matches none of these (RFC 7644, section 3.4.2.1)
            return NONE
        raise refused(InvalidFilterException, f"No filter can ask for {path}. See docs/rooms/scim.md.")

    def _is_beside(self, head: str) -> bool:
        return any(head in table.heads for table in self._beside) and head not in self._table.heads

    def _among(self, name: str, condition: Callable[[Table], Q]) -> Q:
        back, table = self._table.many[name]
        return Q(pk__in=GroupMember.objects.filter(condition(table)).values(back))


def condition(node: FilterNode, model: type[Model], beside: Iterable[type[Model]] = ()) -> Q:
    """Raises InvalidFilterException for what no query can say."""
    return Translated(table_of(model), beside=[table_of(one) for one in beside]).visit(node)


def order(path: Any, model: type[Model], *, descending: bool) -> list[OrderBy | str]:
    """`path`: an attribute's. What has no value comes last, or first when descending (RFC 7644, section 3.4.2.3)."""
    if path is None:
        return ["pk"]
    column = table_of(model).columns.get(_name(path))
    if column is None:
        raise refused(
            InvalidFilterException, f"Nothing can be ordered by {path}. docs/rooms/scim.md lists what it can."
        )
    by = column.order()
    return [OrderBy(by, descending=descending, nulls_first=descending or None, nulls_last=not descending or None), "pk"]


def _name(path: AttrPath, within: str = "") -> str:
    return ".".join(part for part in (within, path.attr, path.sub_attr) if part).lower()


def _of_nothing(op: CompareOperator, absent: Q) -> Q:
    if op is CompareOperator.eq:
        return absent
    return ~absent if op is CompareOperator.ne else NONE


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refused(InvalidFilterException, "This is no time. Write it as 2026-01-31T12:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _untranslatable(what: str) -> SCIMException:
    return refused(InvalidFilterException, f"This comparison does not go with {what}. Choose eq or ne.")
