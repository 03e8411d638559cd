"""What models may cost a team in a month: counted before the call, at the most it can cost, put right after it.

Attack stopped: many questions at once, in several processes, each of which still sees room in the budget. Residue
accepted: a call whose process is killed stays counted at its most.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.db import transaction
from django.db.models import F

from muniment.core.clock import now
from muniment.llm.errors import ModelRefusedError
from muniment.llm.models import Budget, Spending

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """For a million tokens."""

    input: Decimal
    output: Decimal

    def cost(self, asked: int, answered: int) -> int:
        """Millionths of the currency, rounded up."""
        return ceil(self.input * asked + self.output * answered)


@dataclass(frozen=True, slots=True)
class Reservation:
    team: str
    month: str
    tokens: int
    cost: int


def reserve(*, team: str, prices: Prices, asked: int, answered: int) -> Reservation:
    """Counts a call of `asked` tokens and at most `answered`; ModelRefusedError where that is over the budget."""
    month, tokens, cost = f"{now():%Y-%m}", asked + answered, prices.cost(asked, answered)
    with transaction.atomic():
        Spending.objects.get_or_create(team=team, month=month)
        spent = Spending.objects.select_for_update().get(team=team, month=month)
        budget = Budget.objects.filter(team=team).first()
        over_tokens = budget and budget.tokens is not None and spent.tokens + tokens > budget.tokens
        over_cost = budget and budget.cost is not None and spent.cost + cost > budget.cost
        if over_tokens or over_cost:
            raise ModelRefusedError(
                "Your team's budget for models is spent for this month. An owner can raise it under Models; it begins "
                "anew with the next month."
            )
        _add(team, month, calls=1, tokens=tokens, cost=cost)
    return Reservation(team, month, tokens, cost)


def settle(reserved: Reservation, *, tokens: int, cost: int) -> None:
    """Counts what the call did cost. In the caller's transaction."""
    _add(reserved.team, reserved.month, calls=0, tokens=tokens - reserved.tokens, cost=cost - reserved.cost)


def _add(team: str, month: str, *, calls: int, tokens: int, cost: int) -> None:
    Spending.objects.filter(team=team, month=month).update(
        calls=F("calls") + calls, tokens=F("tokens") + tokens, cost=F("cost") + cost
    )
