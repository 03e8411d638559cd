"""Who may do what to teams: the one place that decides it."""

from collections.abc import Sequence

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.errors import LastOwnerError
from muniment.teams.models import CustomRole, Membership, SignInPolicy, Team
from muniment.teams.types import RESERVED, Opening, Rights, Role


def require_create(actor: Actor) -> None:
    """Teams are made by setup and the operator alone."""
    if actor.is_bound:
        raise PermissionDeniedError("Only the operator of this server can make a team.")


def may(actor: Actor, permission: Permission) -> bool:
    """In the team the actor is in."""
    return actor.team is not None and actor.holds(permission)


def require(actor: Actor, permission: Permission) -> None:
    if not may(actor, permission):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")


def require_in_team(actor: Actor, team: Team, permission: Permission) -> None:
    """A team the actor is not in now is not there (404); in the own one the permission counts."""
    if actor.is_bound and actor.team != team.pk:
        raise NotFoundError("There is no such team. Choose one of your teams.")
    if not actor.holds(permission):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")


def covers(actor: Actor, rights: Rights) -> bool:
    """Whether the actor holds, for all of the team, everything that a role may do anywhere."""
    return all(map(actor.holds, rights.all))


def require_covers(actor: Actor, rights: Rights) -> None:
    """Attack stopped: Bob, who may change roles, gives himself or a friend what he was not given, or takes an owner
    out of the way. Nobody gives, takes or holds up what he lacks: a role is given, changed, suspended and removed by
    those alone whose own includes all of it.
    """
    if not covers(actor, rights):
        raise PermissionDeniedError("This role may do what yours may not. Ask somebody whose role includes it.")


def require_role_of(team: Team, role: Role | CustomRole) -> None:
    """A role of another team is not there; CUSTOM alone names none."""
    if role is Role.CUSTOM or (isinstance(role, CustomRole) and role.team_id != team.pk):
        raise NotFoundError("There is no such role in this team.")


def require_unreserved(rights: Rights) -> None:
    """Attack stopped: a role of a team's own becomes a second kind of owner, which the last-owner rule does not see, or
    says which provider vouches for the owners.
    """
    if rights.all & RESERVED:
        raise PermissionDeniedError("This stays with owners alone. Take this permission out.")


def require_owner_left(team: Team, without: Membership) -> None:
    """For services that have the team's row locked: of two owners who end each other at once, one comes second."""
    if without.role != Role.OWNER:
        return
    owners = Membership.objects.filter(team=team, role=Role.OWNER, suspended_at=None, user__is_active=True)
    if not owners.exclude(pk=without.pk).exists():
        raise LastOwnerError("This is the last owner of the team. Make somebody else an owner first.")


def require_kept_left(team: Team, without: Membership) -> None:
    """For services as above: while the provider alone opens the team, somebody is kept for the day it fails."""
    if not without.break_glass or not SignInPolicy.objects.filter(team=team, sso_only=True).exists():
        return
    kept = Membership.objects.filter(team=team, break_glass=True, suspended_at=None, user__is_active=True)
    if not kept.exclude(pk=without.pk).exists():
        raise LastOwnerError("This is the last owner kept for the day the provider fails. Keep somebody else first.")


def require_own_hands(actor: Actor) -> None:
    """Attack stopped: who stole a key makes himself another one, which outlives its being revoked."""
    if actor.key is not None:
        raise PermissionDeniedError("Keys are made by people, not by keys. Sign in and make it on the page API keys.")


def require_all_teams(actor: Actor) -> None:
    """Attack stopped: who runs a team's provider comes as one of its people and takes up what another team offers."""
    if actor.alone:
        raise PermissionDeniedError(
            "Your organisation's identity provider opened this session, for that team alone. Sign in with your own "
            "password or passkey, or out, then open the link again."
        )


def require_operator(actor: Actor) -> None:
    """Setup links come from the server's shell, or from the server itself when it starts."""
    if actor.is_bound:
        raise NotFoundError("There is nothing here.")


def require_recovery(actor: Actor, memberships: Sequence[tuple[Membership, Actor | None]], *, by_mail: bool) -> None:
    """A link that opens somebody's account is shown only to who may do all that person may, in every team of theirs.

    `memberships`: the person's, each with the actor in that team or None; `by_mail`: whether the person can ask for
    the link at the own address. Attack stopped: who manages members fetches the link of
    an owner, or of a member who is more in another team, and becomes that person. Nobody fetches the own: it would
    stand in for the password that a stolen session does not know; nor does a key fetch any, nor a session that a
    provider opened: it would leave a password behind that outlives the provider, and opens other teams.
    """
    if not any(theirs.team_id == actor.team for theirs, _ in memberships):
        raise NotFoundError("There is no such member.")
    includes = all(mine is not None and covers(mine, theirs.rights) for theirs, mine in memberships)
    owns = any(theirs.role == Role.OWNER for theirs, _ in memberships)
    own = any(theirs.user_id == actor.user for theirs, _ in memberships)
    withheld = owns or own or by_mail or actor.key is not None or actor.alone
    if withheld or not includes or not actor.holds(Permission.MEMBER_UPDATE):
        raise PermissionDeniedError("You may not fetch this link. On the server: muniment user recovery-link.")


def is_open(membership: Membership, opening: Opening) -> bool:
    """Whether a session opens this team: one that a team's identity provider opened, that team alone; every other,
    teams that do not open by their provider only, and those where the person is kept for the day the provider fails.

    Attack stopped: who runs one team's provider, or knows a password, comes into a team whose own provider he did not
    pass. Asked in every request, so that the switch holds for sessions that are open.

    Attack stopped: a stolen browser, which the suspension left signed in for the person's other teams, is back in when
    the person is resumed.
    """
    resumed = membership.resumed_at
    if resumed and (opening.began_at is None or opening.began_at < resumed):
        return False
    if opening.opened_by:
        return membership.team_id == opening.opened_by
    policy: SignInPolicy | None = getattr(membership.team, "sign_in_policy", None)
    is_kept = membership.break_glass and membership.role == Role.OWNER
    return policy is None or not policy.sso_only or (is_kept and opening.with_passkey)
