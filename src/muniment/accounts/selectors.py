"""Reads: accounts and their sessions."""

from typing import TYPE_CHECKING

from muniment.accounts.models import Session, User
from muniment.accounts.policies import require_own
from muniment.accounts.types import SessionView
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.registries import home_teams

if TYPE_CHECKING:
    from django.db.models import QuerySet


def own_account(actor: Actor) -> User:
    """The actor's own account; NotFoundError for an actor that is no person."""
    user = User.objects.filter(pk=actor.user or 0).first()
    if user is None:
        raise NotFoundError("There is no such account.")
    return user


def sessions_of(actor: Actor, *, user: User, current: str | None = None) -> list[SessionView]:
    """The person's live sessions, the one with the session key `current` first, then the last used first."""
    require_own(actor, user)
    views = [
        SessionView(row.device, row.address, row.started_at, row.seen_at, row.session_key == current)
        for row in live_sessions(user).order_by("-seen_at")
        if row.started_at and row.seen_at
    ]
    return sorted(views, key=lambda view: not view.current)


def live_sessions(user: User) -> "QuerySet[Session]":
    return Session.objects.filter(user=user, expire_date__gt=now())


def team_that_sees(user: int) -> str | None:
    """The team whose log shows what this person does outside any team: signing in, changing the password."""
    return next((team for _, find in home_teams.items() if (team := find(user))), None)
