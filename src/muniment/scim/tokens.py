"""Tokens of provisioning: made, shown once, revoked; and what team comes with one. Offered by `services`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from muniment.audit.services import record
from muniment.core.actors import Actor, ActorKind
from muniment.core.bearer_tokens import is_token, new_token, tail, token_hash
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.database.prepared import Given, Prepared
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.scim import events
from muniment.scim.errors import ProvisioningOffError, TokenDraftError, TokenRefusedError
from muniment.scim.models import Token
from muniment.scim.policies import TOKEN_HOLDS, require_view
from muniment.scim.types import LIVE_AT_ONCE, LONGEST_LIFE, TOKEN_PREFIX, TokenView
from muniment.teams.selectors import team_of
from muniment.teams.services import Provisioning, acting_in, ruleless

if TYPE_CHECKING:
    from muniment.teams.models import Team

_UNKNOWN = "There is no such token, or not any more. An owner makes one for the provider."
_OF_DIGEST = Prepared(lambda: Token.objects.select_related("team__provisioning").filter(token_hash=Given("digest")))
_SEEN = timedelta(minutes=1)  # how exactly the last use is known: one write in that time, not one in each request


@dataclass(frozen=True, slots=True)
class Made:
    """`token` is shown once and kept nowhere."""

    id: str
    name: str
    expires: datetime
    token: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who comes with a token: it acts, in its one team. `decided`: by that team, without its rules."""

    token: str
    name: str
    home: "Team"
    expires: datetime
    used: datetime | None
    decided: Provisioning
    digest: bytes = field(repr=False)

    @property
    def team(self) -> str:
        return self.home.pk

    @property
    def actor(self) -> Actor:
        return Actor(kind=ActorKind.SERVICE, ref=self.token, team=self.team, permissions=TOKEN_HOLDS)


def create_token(*, actor: Actor, name: str, days: int = LONGEST_LIFE) -> Made:
    """A token of the actor's team. Raises TokenDraftError, PermissionDeniedError: no API key holds the permission, so
    that none makes itself a token that outlives it.
    """
    name = one_line(name)
    if not 1 <= len(name) <= 60 or not 1 <= days <= LONGEST_LIFE:
        raise TokenDraftError(
            "A token has a name of 1 to 60 characters and lives 1 to {longest_life} days.", longest_life=LONGEST_LIFE
        )
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        team = team_of(acting)
        if Token.objects.filter(team=team, expires_at__gt=now()).count() >= LIVE_AT_ONCE:
            raise TokenDraftError(
                "There are {live_at_once} tokens already. Revoke one that is not used any more.",
                live_at_once=LIVE_AT_ONCE,
            )
        token = new_token(TOKEN_PREFIX)
        row = Token.objects.create(
            team=team,
            name=name,
            token_hash=token_hash(token),
            tail=tail(token),
            expires_at=now() + timedelta(days=days),
        )
        record(kind=events.TOKEN_CREATED, actor=acting, subject=row.pk, team=team.pk, facts={"days": days})
    return Made(row.pk, row.name, row.expires_at, token)


def revoke_token(*, actor: Actor, token: str) -> str:
    """By its id; it opens nothing from the next request on. Returns its name. Raises NotFoundError."""
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        found = Token.objects.filter(team=acting.team, pk=token).first()
        if found is None:
            raise NotFoundError("There is no such token, or not any more.")
        record(kind=events.TOKEN_REVOKED, actor=acting, subject=found.pk)
        found.delete()
    return found.name


def tokens_of(actor: Actor) -> list[TokenView]:
    """The tokens of the actor's team, newest first, the expired ones too. Raises PermissionDeniedError."""
    require_view(actor)
    rows = Token.objects.filter(team=team_of(actor)).order_by("-created_at", "pk")
    return [TokenView(one.pk, one.name, one.tail, one.created_at, one.expires_at, one.used_at) for one in rows]


def holder_of(token: str) -> Holder:
    """Who comes with this token, as of now. Raises TokenRefusedError, which tells nobody why."""
    if not is_token(token, TOKEN_PREFIX):
        raise TokenRefusedError(_UNKNOWN)
    holder = _holder(token_hash(token))
    if holder.used is None or now() - holder.used >= _SEEN:
        Token.objects.filter(pk=holder.token).update(used_at=now())
    return holder


def require_standing(holder: Holder) -> Holder:
    """As of now, within the transaction of a write. Raises TokenRefusedError, ProvisioningOffError.

    Attack stopped: a token that was revoked, or a door that was shut, while the request waited for its turn.
    """
    standing = _holder(holder.digest)
    require_on(standing)
    return standing


def require_on(holder: Holder) -> None:
    if not holder.decided.scim:
        raise ProvisioningOffError("This team does not take people by SCIM now. An owner switches it on.")


def _holder(digest: bytes) -> Holder:
    """As of now: asked anew unless nothing was committed since, which within a write's transaction nobody else can."""
    found = while_unchanged(("scim", digest), lambda: _found(digest))
    if found.expires <= now():
        raise TokenRefusedError(_UNKNOWN)
    return found


def _found(digest: bytes) -> Holder:
    row = _OF_DIGEST.first(digest=digest)
    if row is None:
        raise TokenRefusedError(_UNKNOWN)
    return Holder(row.pk, row.name, row.team, row.expires_at, row.used_at, ruleless(row.team), digest)
