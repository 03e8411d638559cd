"""A team, its key and its first owner, made together within the caller's transaction.

One team may have nobody in it: the one the operator's first command made on an installation nobody owns yet. Whoever
claims the installation takes it over, with the agents in it: docs/decisions/0010-operator-and-command-line.md.
"""

from typing import TYPE_CHECKING

from muniment.core.cleaning import one_line
from muniment.core.errors import PermanentError
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.teams.models import Membership, Team
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User

LONGEST_NAME = 200


def team_key(team: str) -> KeyRef:
    """The name of a team's key: above its silos, its secrets, and nothing else."""
    return KeyRef(INSTANCE, KeyKind.TEAM, team)


def store_team(*, name: str, owner: "User") -> Team:
    """For services that record the event in the same transaction. The team's key is durable before its row."""
    team = store_empty_team(name=name)
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


def store_empty_team(*, name: str) -> Team:
    """Residue: when the transaction fails afterwards, a key that sealed nothing stays in the keyring."""
    team = Team(name=_name(name))
    keyring().create(team_key(team.pk))
    team.save(force_insert=True)
    return team


def take_over(*, name: str, owner: "User") -> Team:
    """The team of the claim: the one nobody is in, under its new name, else a new one."""
    team = Team.objects.filter(memberships=None).order_by("created_at").first()
    if team is None:
        return store_team(name=name, owner=owner)
    team.name = _name(name)
    team.save(update_fields=["name"])
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


def _name(name: str) -> str:
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise PermanentError("A team's name has 1 to {limit} characters. Type a shorter one.", limit=LONGEST_NAME)
    return name
