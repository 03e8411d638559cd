"""Reads: which teams there are for an actor, and who an actor is."""

from typing import TYPE_CHECKING

from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.models import Claim, Membership, Team
from muniment.teams.types import PERMISSIONS, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from muniment.accounts.models import User

SESSION_TEAM = "team"
_NO_TEAM = "There is no such team. Choose one of your teams."


def actor_for(user: "User", team: Team | str | None) -> Actor:
    """The person acting in one team (the team or its id), with what the role there allows; NotFoundError for others.

    With None: the person outside any team, who may do nothing but keep the own account. A suspended person is
    nobody's actor, so that a session or job that outlived the suspension does nothing.
    """
    if not user.is_active:
        raise NotFoundError(_NO_TEAM)
    if team is None:
        return Actor(kind=ActorKind.PERSON, ref=user.ref, user=user.pk, all_agents=False)
    team_id = team if isinstance(team, str) else team.id
    membership = Membership.objects.filter(user=user, team_id=team_id).first()
    if membership is None:
        raise NotFoundError(_NO_TEAM)
    role = Role(membership.role)
    return Actor(
        kind=ActorKind.PERSON,
        ref=user.ref,
        user=user.pk,
        team=team_id,
        permissions=PERMISSIONS[role],
        all_agents=role is not Role.CHAT_ONLY,
    )


def actor_by_ids(*, user: int, team: str) -> Actor:
    """`actor_for` from ids kept in a job's payload; asked again each time, so a removed member's job does nothing."""
    membership = Membership.objects.filter(user_id=user, team_id=team).select_related("user").first()
    if membership is None:
        raise NotFoundError(_NO_TEAM)
    return actor_for(membership.user, team)


def session_actor(request: "HttpRequest") -> Actor:
    """Who is signed in, in the team the session chose, else in the first of the own teams.

    The session is only a wish: membership and role are read anew in every request, so that removing a member holds
    from the next request on.
    """
    user = request.user
    if not user.is_authenticated:
        raise PermissionDeniedError("Sign in first.")
    wished = request.session.get(SESSION_TEAM)
    memberships = Membership.objects.filter(user=user).order_by("team__name", "team_id")
    chosen = memberships.filter(team_id=wished).first() if wished else None
    current = chosen or memberships.first()
    return actor_for(user, current.team_id if current else None)


def operator_actor(team: str | None) -> Actor:
    """Whoever has the server's shell: may act in any team (or in none), and is named as operator in each event."""
    if team is not None and not Team.objects.filter(pk=team).exists():
        raise NotFoundError("There is no team with this id. List them with: muniment team list")
    return Actor(kind=ActorKind.OPERATOR, ref="operator", team=team, permissions=frozenset(Permission))


def teams_of(actor: Actor) -> "QuerySet[Team]":
    """The teams the actor may act in, by name: own memberships; for operator and system, all."""
    if actor.kind is ActorKind.PERSON:
        return Team.objects.filter(memberships__user_id=actor.user or 0).order_by("name", "id")
    return Team.objects.order_by("name", "id")


def team_of(actor: Actor) -> Team:
    """The team this actor is in now; NotFoundError when in none."""
    team = teams_of(actor).filter(pk=actor.team or "").first()
    if team is None:
        raise NotFoundError(_NO_TEAM)
    return team


def members_of(actor: Actor) -> "QuerySet[Membership]":
    """The memberships of the actor's own team, each with its user, by e-mail address."""
    return Membership.objects.filter(team=team_of(actor)).select_related("user").order_by("user__email")


def colleagues(actor: Actor) -> "QuerySet[Membership]":
    """The memberships of the actor's own team whose roles reach every agent of it."""
    return Membership.objects.filter(team=team_of(actor)).exclude(role=Role.CHAT_ONLY)


def home_team(user: int) -> str | None:
    """The id of the first of a person's teams, whose owners see what the person does outside any team."""
    first = Membership.objects.filter(user_id=user).order_by("team__name", "team_id").first()
    return first.team_id if first else None


def is_claimed() -> bool:
    """Whether this installation has an owner. A team alone does not make one: the operator's may have nobody in it."""
    return Membership.objects.filter(role=Role.OWNER).exists()


def owes_kit_confirmation(actor: Actor) -> bool:
    """Whether this is the person who claimed the installation and has not yet proven to hold the recovery kit."""
    return actor.user is not None and Claim.objects.filter(user_id=actor.user, kit_confirmed_at=None).exists()
