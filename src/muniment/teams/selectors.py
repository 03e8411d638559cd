"""Reads: which teams there are for an actor, and who an actor is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.db.models.functions import Lower

from muniment.accounts.selectors import SESSION_PASSKEY, began_at
from muniment.accounts.types import OPENED_BY
from muniment.core.actors import Actor, ActorKind
from muniment.core.clock import now
from muniment.core.database.prepared import Given, Prepared
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.registries import agent_grants
from muniment.teams.domain_names import domain_name, domain_of_address
from muniment.teams.models import (
    ApiKey,
    Claim,
    CustomRole,
    Domain,
    Invitation,
    Membership,
    SignInPolicy,
    Team,
    rights_of,
    role_fields,
)
from muniment.teams.policies import covers, is_open, may, require, require_role_of
from muniment.teams.types import BUILT_IN, MAY_OWN, OWN, RESERVED, DomainState, Opening, Rights, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from muniment.accounts.models import User

SESSION_TEAM = "team"
_MEMBERSHIP = Prepared(lambda: Membership.objects.filter(team=Given("team"), user=Given("user")))
_PROVING = Prepared(lambda: Domain.objects.filter(name=Given("name"), state=DomainState.VERIFIED))
_PROVEN = Prepared(
    lambda: Domain.objects.filter(team=Given("team"), state=DomainState.VERIFIED).values_list("name", flat=True)
)
_NO_TEAM = "There is no such team. Choose one of your teams."


def actor_for(user: "User", team: Team | str | None) -> Actor:
    """The person acting in one team (the team or its id), with what the role there allows; NotFoundError for others.

    With None: the person outside any team, who may do nothing but keep the own account. A suspended person is
    nobody's actor, so that a session or job that outlived the suspension does nothing.
    """
    if not user.is_active:
        raise NotFoundError(_NO_TEAM)
    if team is None:
        return Actor(kind=ActorKind.PERSON, ref=user.ref, user=user.pk)
    team_id = team if isinstance(team, str) else team.id
    membership = _active(user.pk).filter(team_id=team_id).select_related("custom_role").first()
    if membership is None:
        raise NotFoundError(_NO_TEAM)
    return _acting(membership, user, _granted(membership))


def _acting(membership: Membership, user: "User", granted: Mapping[str, frozenset[Permission]]) -> Actor:
    """Attack stopped: somebody with an agent of his own makes a chat-only member one who reads documents and names, by
    a grant. Whatever a grant says, such a member asks, and no more.
    """
    rights = membership.rights
    if membership.role == Role.CHAT_ONLY:
        granted = {agent: permissions & rights.on_granted for agent, permissions in granted.items()}
    return Actor(
        kind=ActorKind.PERSON,
        ref=user.ref,
        user=user.pk,
        team=membership.team_id,
        permissions=rights.everywhere,
        granted=granted,
        on_granted=rights.on_granted,
    )


def _active(user: int) -> "QuerySet[Membership]":
    """The memberships a person acts in now."""
    return Membership.objects.filter(user_id=user, suspended_at=None)


def _granted(membership: Membership) -> dict[str, frozenset[Permission]]:
    """Single agents and what may be done with each."""
    found: dict[str, frozenset[Permission]] = {}
    for room in agent_grants:
        found |= agent_grants.get(room)(
            user=membership.user_id,
            team=membership.team_id,
            role=membership.role,
            custom=membership.custom_role_id,
        )
    return found


def actor_by_ids(*, user: int, team: str) -> Actor:
    """`actor_for` from ids kept in a job's payload; asked again each time, so a removed member's job does nothing."""
    membership = _active(user).filter(team_id=team).select_related("user").first()
    if membership is None:
        raise NotFoundError(_NO_TEAM)
    return actor_for(membership.user, team)


def session_actor(request: "HttpRequest") -> Actor:
    """Who is signed in, in the team the session chose, else in the first of the own teams.

    The session is only a wish: whether membership and role are what they were is asked in every request, so that
    removing a member holds from the next request on.
    """
    user = request.user
    if not user.is_authenticated:
        raise PermissionDeniedError("Sign in first.")
    session = request.session
    wished, opened_by, with_passkey = (session.get(name) for name in (SESSION_TEAM, OPENED_BY, SESSION_PASSKEY))
    opening = Opening(opened_by, began_at(request), with_passkey=bool(with_passkey))
    question = ("person", user.pk, user.is_active, wished, opening)
    return while_unchanged(question, lambda: _in_a_team(user, wished, opening))


def _in_a_team(user: "User", wished: str | None, opening: Opening) -> Actor:
    memberships = list(_active(user.pk).select_related("team__sign_in_policy").order_by("team__name", "team_id"))
    open_here = [one.team_id for one in memberships if is_open(one, opening)]
    current = wished if wished in open_here else next(iter(open_here), None)
    closed = frozenset(one.team_id for one in memberships) - frozenset(open_here)
    return replace(actor_for(user, current), alone=bool(opening.opened_by), closed=closed)


def operator_actor(team: str | None) -> Actor:
    """Whoever has the server's shell: may act in any team (or in none), and is named as operator in each event."""
    if team is not None and not Team.objects.filter(pk=team).exists():
        raise NotFoundError("There is no team with this id. List them with: muniment team list")
    return Actor(kind=ActorKind.OPERATOR, ref="operator", team=team, permissions=frozenset(Permission))


def teams_of(actor: Actor) -> "QuerySet[Team]":
    """The teams the actor may act in, by name: own memberships; for operator and system, all; for an outsider, none."""
    found = Team.objects.order_by("name", "id")
    if actor.kind is ActorKind.SERVICE:
        return found.filter(pk=actor.team)
    if actor.kind is ActorKind.PERSON:
        return found.filter(memberships__in=_active(actor.user or 0)).exclude(pk__in=actor.closed)
    return found.none() if actor.kind is ActorKind.OUTSIDER else found


def names_of_closed(actor: Actor) -> list[str]:
    """Of the person's teams that this session does not open."""
    return list(Team.objects.filter(pk__in=actor.closed).order_by("name").values_list("name", flat=True))


def team_of(actor: Actor) -> Team:
    """The team this actor is in now; NotFoundError when in none."""
    team = teams_of(actor).filter(pk=actor.team or "").first()
    if team is None:
        raise NotFoundError(_NO_TEAM)
    return team


def members_of(actor: Actor) -> "QuerySet[Membership]":
    """The memberships of the actor's own team, each with its user and role, by e-mail address."""
    require(actor, Permission.MEMBER_VIEW)
    return _members(team_of(actor).pk)


def member(actor: Actor, user: int) -> Membership:
    """One of the actor's own team; NotFoundError for everybody else."""
    found = members_of(actor).filter(user=user).first()
    if found is None:
        raise NotFoundError("There is no such person in this team.")
    return found


def member_by_email(actor: Actor, email: str) -> Membership:
    """One of the actor's own team; NotFoundError for everybody else."""
    found = members_of(actor).filter(user__email=email.strip().lower()).first()
    if found is None:
        raise NotFoundError("There is nobody with this address in your team. Invite them first.")
    return found


def search_members(actor: Actor, *, words: str = "", role: str = "") -> "QuerySet[Membership]":
    """Those whose name or address holds each of the words, of one role or of all (`role_key`)."""
    found = members_of(actor)
    for word in words.split():
        found = found.filter(Q(user__email__icontains=word) | Q(user__name__icontains=word))
    if role:
        found = found.filter(**role_fields(role_by_key(actor, role)))
    return found


def heirs(actor: Actor, leaving: Membership) -> list[Membership]:
    """Who may be given what somebody leaves behind: the others who act in the team and may have agents."""
    others = members_of(actor).exclude(pk=leaving.pk).filter(suspended_at=None, user__is_active=True)
    return [one for one in others if not MAY_OWN.isdisjoint(one.rights.everywhere)]


def actors_of(
    team: str, granted: Callable[[Membership], frozenset[Permission] | None], agent: str
) -> Iterator[tuple[Membership, Actor]]:
    """Everybody who acts in a team, as they would with what `granted` says for one agent: for the room that decides
    who reaches it. By e-mail address.
    """
    for one in _members(team).filter(suspended_at=None, user__is_active=True):
        given = granted(one)
        yield one, _acting(one, one.user, {} if given is None else {agent: given})


def _members(team: str) -> "QuerySet[Membership]":
    found = Membership.objects.filter(team=team).select_related("user", "custom_role")
    return found.order_by("user__email")


def invitations_of(actor: Actor) -> "QuerySet[Invitation]":
    """The open invitations to the actor's team, for who may invite; by e-mail address."""
    require(actor, Permission.MEMBER_CREATE)
    found = Invitation.objects.filter(team=team_of(actor), expires_at__gt=now())
    return found.select_related("custom_role").order_by("email")


def roles_of(actor: Actor) -> list[Role | CustomRole]:
    """The roles of the actor's team: those of the product, then its own by name."""
    return [*BUILT_IN, *CustomRole.objects.filter(team=team_of(actor)).order_by(Lower("name"))]


def role_by_key(actor: Actor, key: str) -> Role | CustomRole:
    """By the word or the id (`role_key`) of a role of the actor's team."""
    if key in {role.value for role in BUILT_IN}:
        return Role(key)
    found = CustomRole.objects.filter(team=team_of(actor), pk=key).first()
    if found is None:
        raise NotFoundError("There is no such role in this team.")
    return found


def role_named(actor: Actor, name: str) -> Role | CustomRole:
    """By the word of a role of the product, or the name of one of the team's own: for commands."""
    if name in {role.value for role in BUILT_IN}:
        return Role(name)
    found = CustomRole.objects.filter(team=team_of(actor), name__iexact=name).first()
    if found is None:
        raise NotFoundError("There is no such role in this team. See them on its page Roles.")
    return found


def account_of(actor: Actor, email: str) -> "User | None":
    """The account with this address, for the operator: a person is never told who has one."""
    if actor.is_bound:
        raise NotFoundError("There is nothing here.")
    return get_user_model().objects.filter(email=email.strip().lower()).first()


def custom_role(actor: Actor, identifier: str) -> CustomRole:
    """A role of the team's own."""
    found = role_by_key(actor, identifier)
    if not isinstance(found, CustomRole):
        raise NotFoundError("There is no such role in this team.")
    return found


def holders(actor: Actor) -> dict[str, int]:
    """How many members have each role, by its key."""
    require(actor, Permission.ROLE_VIEW)
    counted = Membership.objects.filter(team=team_of(actor)).values_list("role", "custom_role").annotate(Count("pk"))
    return {custom or role: count for role, custom, count in counted}


def rights(role: Role | CustomRole) -> Rights:
    return rights_of(role)


def role_key(role: Role | CustomRole) -> str:
    return role.pk if isinstance(role, CustomRole) else role.value


def role_columns(actor: Actor, role: Role | CustomRole) -> dict[str, Any]:
    """The columns that say this role, for a room that keeps one; NotFoundError for a role of another team."""
    require_role_of(team_of(actor), role)
    return role_fields(role)


def keys_of(actor: Actor) -> "QuerySet[ApiKey]":
    """The API keys of the actor's team, newest first: all for who may see them, else the own."""
    found = ApiKey.objects.filter(team=team_of(actor)).select_related("user").order_by("-created_at", "pk")
    return found if may(actor, Permission.KEY_VIEW) else found.filter(user__isnull=False, user=actor.user)


def key(actor: Actor, identifier: str) -> ApiKey:
    found = keys_of(actor).filter(pk=identifier).first()
    if found is None:
        raise NotFoundError("There is no such key, or not any more.")
    return found


def keyable(actor: Actor) -> frozenset[Permission]:
    """What a key of the actor's own can be of use for: by the role, by a grant, or by owning an agent."""
    owning = OWN if not MAY_OWN.isdisjoint(actor.permissions) else frozenset[Permission]()
    return frozenset(actor.permissions | actor.on_granted | owning).union(*actor.granted.values()) - RESERVED


def opens_by_provider_only(team: str) -> bool:
    return SignInPolicy.objects.filter(team=team, sso_only=True).exists()


def kept_in(team: str) -> "QuerySet[Membership]":
    """Owners who come in by their passkey where the provider alone opens the team."""
    kept = Membership.objects.filter(team=team, break_glass=True, role=Role.OWNER, suspended_at=None)
    return kept.filter(user__is_active=True).select_related("user").order_by("user__email")


def name_behind(ref: str) -> str:
    """How a person with this audit reference is called; empty where there is none, or not any more."""
    found = get_user_model().objects.filter(ref=ref).first() if ref else None
    return (found.name or found.email) if found else ""


def membership_in(team: str, user: "User") -> Membership | None:
    """For rooms by which a provider comes, which know the team by their own means."""
    return _MEMBERSHIP.first(team=team, user=user.pk)


def domains_of(actor: Actor) -> "QuerySet[Domain]":
    """The domains of the actor's team, by name."""
    require(actor, Permission.CONNECTION_VIEW)
    return Domain.objects.filter(team=team_of(actor)).select_related("team").order_by("name")


def domain(actor: Actor, identifier: str) -> Domain:
    return _domain(domains_of(actor), pk=identifier)


def domain_by_name(actor: Actor, name: str) -> Domain:
    """In whatever spelling. Raises DomainNameError, NotFoundError."""
    return _domain(domains_of(actor), name=domain_name(name))


def _domain(domains: "QuerySet[Domain]", **which: str) -> Domain:
    found = domains.filter(**which).first()
    if found is None:
        raise NotFoundError("Your team has no such domain, or not any more.")
    return found


def proven_domains(team_id: str) -> frozenset[str]:
    """The domains of which this team has proven that they are its own, in A-labels."""
    return frozenset(_PROVEN.ask(team=team_id))


def proving(email: str) -> Domain | None:
    """The verified domain that the address is in, whichever team's it is: for the way to that team's provider."""
    return _PROVING.first(name=domain_of_address(email))


def is_proven(team_id: str, email: str) -> bool:
    """Whether the address is in a domain that this team has proven.

    Attack stopped: a team's provider asserts people of a domain that is somebody else's, or of one below or above its
    own: the domain of the address is exactly one of those proven.
    """
    return domain_of_address(email) in proven_domains(team_id)


def may_give(actor: Actor, role: Role | CustomRole) -> bool:
    """Whether the actor may give somebody this role."""
    return covers(actor, rights_of(role))


def home_team(user: int) -> str | None:
    """The id of the first of a person's teams, whose owners see what the person does outside any team."""
    first = Membership.objects.filter(user_id=user).order_by("team__name", "team_id").first()
    return first.team_id if first else None


def is_claimed() -> bool:
    """Whether this installation has an owner. A team alone does not make one: the operator's may have nobody in it."""
    return Membership.objects.filter(role=Role.OWNER).exists()


def claimed_by() -> str | None:
    """The id of the team that claimed this installation: the one whose people run it."""
    return Claim.objects.values_list("team_id", flat=True).first()


def owes_kit_confirmation(actor: Actor) -> bool:
    """Whether this is the person who claimed the installation and has not yet proven to hold the recovery kit."""
    return actor.user is not None and Claim.objects.filter(user_id=actor.user, kit_confirmed_at=None).exists()
