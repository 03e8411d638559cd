"""A team, its key and its first owner, made together within the caller's transaction."""

from typing import TYPE_CHECKING

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
    """For services that record the event in the same transaction. The team's key is durable before its row.

    Residue: when the transaction fails afterwards, a key that sealed nothing stays in the keyring.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise PermanentError(f"A team's name has 1 to {LONGEST_NAME} characters. Type a shorter one.")
    team = Team(name=name)
    keyring().create(team_key(team.pk))
    team.save(force_insert=True)
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team
