"""What is known of the models of this installation, and of a team's providers. The actor comes first."""

from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.llm.budget import MILLION
from muniment.llm.minilm.weights import PACKAGE
from muniment.llm.models import Budget, Provider, Spending
from muniment.llm.policies import check_update, may_view
from muniment.llm.types import Spent

if TYPE_CHECKING:
    from django.db.models import QuerySet


def model_present() -> bool:
    """Whether the embedding model's file is there. Its bytes are checked when it is loaded."""
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    return any((Path(folder) / "model.onnx").is_file() for folder in folders or ())


def providers(actor: Actor) -> "QuerySet[Provider]":
    """Those of the actor's team, by name; none for who may not choose one."""
    if not may_view(actor):
        return Provider.objects.none()
    return Provider.objects.filter(team=actor.team).order_by("name")


def provider(actor: Actor, identifier: str) -> Provider:
    found = providers(actor).filter(pk=identifier).first()
    if found is None:
        raise NotFoundError("There is no such provider.")
    return found


def spent(actor: Actor) -> Spent:
    """What the team used in this month, for who may change the budget."""
    team = check_update(actor)
    used = Spending.objects.filter(team=team, month=f"{now():%Y-%m}").first() or Spending(team=team)
    limit = Budget.objects.filter(team=team).first() or Budget(team=team)
    cost_limit = None if limit.cost is None else Decimal(limit.cost) / MILLION
    return Spent(used.calls, used.tokens, Decimal(used.cost) / MILLION, limit.tokens, cost_limit)
