"""API keys: made, shown once, revoked; and who acts by one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from muniment.accounts.selectors import owed_by
from muniment.audit.services import record
from muniment.core.actors import Actor, ActorKind, Scope
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.core.registries import key_agents
from muniment.teams import events
from muniment.teams.errors import KeyDraftError, KeyRefusedError
from muniment.teams.key_tokens import is_token, new_token, token_hash
from muniment.teams.membership import acting_in
from muniment.teams.models import ApiKey, Team
from muniment.teams.policies import require, require_covers, require_in_team, require_own_hands
from muniment.teams.selectors import actor_for
from muniment.teams.types import KeyDraft, Rights

if TYPE_CHECKING:
    from muniment.accounts.models import User

LONGEST = 365  # days
_UNKNOWN = "There is no such API key. Make one on the page API keys of your team."
SEEN = timedelta(minutes=1)  # how exactly the last use is known: one write in that time, not one in each request


@dataclass(frozen=True, slots=True)
class Made:
    """`token` is shown once and kept nowhere."""

    key: ApiKey
    token: str


def create_key(*, actor: Actor, team: Team, draft: KeyDraft) -> Made:
    """A key of the actor's own; or of the team's, with nothing that the actor lacks. Raises KeyDraftError,
    PermissionDeniedError, NotFoundError for an agent that the actor does not see.

    Attack stopped: Bob leaves himself a key of the team's that outlives his role, or goes beyond it.
    """
    name, held, is_service = _name(draft.name), draft.held, draft.is_service or actor.user is None
    if not held or not 1 <= draft.days <= LONGEST or draft.agents == frozenset():
        raise KeyDraftError("A key needs a permission, and expires in 1 to {limit} days. Choose both.", limit=LONGEST)
    require_own_hands(actor)
    with acting_in(actor, team, Permission.KEY_CREATE) as acting:
        if is_service:
            require(acting, Permission.KEY_UPDATE)
        if is_service and draft.agents is None:
            require_covers(acting, Rights(held))
        if draft.agents is not None:
            key_agents.get("agents").check(acting, draft.agents, held if is_service else frozenset())
        token = new_token()
        key = ApiKey.objects.create(
            team=team,
            user_id=None if is_service else acting.user,
            name=name,
            token_hash=token_hash(token),
            tail=token[-13:-9],
            permissions=sorted(held),
            agents=None if draft.agents is None else sorted(draft.agents),
            consent=draft.consent,
            expires_at=now() + timedelta(days=draft.days),
        )
        facts = {
            "permissions": len(held),
            "agents": len(draft.agents or ()),
            "all_agents": draft.agents is None,
            "days": draft.days,
            "service": is_service,
            "consent": draft.consent,
        }
        record(kind=events.KEY_CREATED, actor=acting, subject=key.pk, team=team.pk, facts=facts)
    return Made(key, token)


def revoke_key(*, actor: Actor, key: ApiKey) -> None:
    """From the next request on it opens nothing. One's own may always be revoked, others' by who may."""
    with transaction.atomic():
        found = ApiKey.objects.select_for_update().select_related("team").filter(pk=key.pk).first()
        if found is None:
            raise NotFoundError("There is no such key, or not any more.")
        if found.user_id is None or found.user_id != actor.user or found.team_id != actor.team:
            require_in_team(actor, found.team, Permission.KEY_DELETE)
        record(kind=events.KEY_REVOKED, actor=actor, subject=found.pk, team=found.team_id)
        found.delete()


def actor_by_token(token: str) -> tuple[Actor, ApiKey]:
    """Who acts by this key, as of now: what its person may do counts anew each time, and so does the team's demand of
    a second factor. Raises KeyRefusedError, which tells nobody why but the holder of a key that expired.
    """
    if not is_token(token):
        raise KeyRefusedError(_UNKNOWN)
    digest = token_hash(token)
    held = while_unchanged(("key", digest), lambda: _held(digest))
    if held.key.expires_at <= now():
        raise KeyRefusedError("This API key has expired. Make a new one on the page API keys of your team.")
    if held.actor is None:
        raise KeyRefusedError(_UNKNOWN)
    if held.owed_by is not None and held.owed_by <= now():
        raise KeyRefusedError("Your team demands more of how you sign in. Sign in, open My Profile, then Security.")
    if held.key.used_at is None or now() - held.key.used_at >= SEEN:
        ApiKey.objects.filter(pk=held.key.pk).update(used_at=now())
    return held.actor, held.key


@dataclass(frozen=True, slots=True)
class _Held:
    """`actor` is None for who left the team, or is suspended; after `owed_by` its person may not enter."""

    key: ApiKey
    actor: Actor | None
    owed_by: datetime | None


def _held(digest: bytes) -> _Held:
    key = ApiKey.objects.filter(token_hash=digest).select_related("user").first()
    if key is None:
        raise KeyRefusedError(_UNKNOWN)
    if key.user is None:
        return _Held(key, _service(key), None)
    return _Held(key, _person(key, key.user), owed_by(key.user).first)


def _service(key: ApiKey) -> Actor:
    """A key of the team's for single agents holds nothing beyond them."""
    held = key.held
    granted = dict.fromkeys(key.agents or (), held)
    everywhere = held if key.agents is None else frozenset[Permission]()
    kind = ActorKind.SERVICE
    return Actor(kind=kind, ref=key.pk, team=key.team_id, permissions=everywhere, granted=granted, key=key.pk)


def _person(key: ApiKey, user: "User") -> Actor | None:
    try:
        actor = actor_for(user, key.team_id)
    except NotFoundError:
        return None
    agents = None if key.agents is None else frozenset(key.agents)
    return replace(actor, key=key.pk, scope=Scope(key.held, agents))


def _name(text: str) -> str:
    name = one_line(text)
    if not 1 <= len(name) <= 60:
        raise KeyDraftError("A key has a name of 1 to 60 characters. Choose another one.")
    return name
