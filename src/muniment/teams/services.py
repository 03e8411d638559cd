"""What changes teams: made, joined, left. The claim of an installation is in `teams.setup`, offered here too."""

from typing import TYPE_CHECKING

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.teams import events
from muniment.teams.by_provider import follow_groups, seat_by_provider
from muniment.teams.domains import add_domain, check_domain, remove_domain, retry_domain
from muniment.teams.founding import store_empty_team, store_team, team_key
from muniment.teams.inviting import accept, accept_as_new, invite, record_refusal, withdraw_invitation
from muniment.teams.keys import actor_by_token, create_key, revoke_key
from muniment.teams.membership import (
    acting_in,
    acting_where,
    add_member,
    change_role,
    departure,
    enrol,
    remove_member,
    resume_member,
    suspend_member,
)
from muniment.teams.models import Team
from muniment.teams.policies import require_create, require_operator
from muniment.teams.provisioning import (
    Provisioning,
    is_only_in,
    provisioning,
    provisioning_of,
    role_of_groups,
    ruleless,
    set_group_rules,
    set_provisioning,
)
from muniment.teams.recovery import (
    fetch_email_link,
    fetch_recovery_link,
    may_recover,
    operator_email_link,
    operator_recovery_link,
    recoverable,
)
from muniment.teams.roles import create_role, delete_role, update_role
from muniment.teams.setup import claim, confirm_recovery_kit, groups_to_ask, issue_setup_link, recovery_kit
from muniment.teams.sign_in_policy import set_sign_in_policy, sign_in_policy
from muniment.teams.sso_only import set_break_glass, set_sso_only

if TYPE_CHECKING:
    from muniment.accounts.models import User

__all__ = [
    "Provisioning",
    "accept",
    "accept_as_new",
    "acting_in",
    "acting_where",
    "actor_by_token",
    "add_domain",
    "add_member",
    "change_role",
    "check_domain",
    "claim",
    "confirm_recovery_kit",
    "create_key",
    "create_role",
    "create_team",
    "delete_role",
    "departure",
    "enrol",
    "fetch_email_link",
    "fetch_recovery_link",
    "first_team",
    "follow_groups",
    "groups_to_ask",
    "invite",
    "is_only_in",
    "issue_setup_link",
    "may_recover",
    "operator_email_link",
    "operator_recovery_link",
    "provisioning",
    "provisioning_of",
    "record_refusal",
    "recoverable",
    "recovery_kit",
    "remove_domain",
    "remove_member",
    "resume_member",
    "retry_domain",
    "revoke_key",
    "role_of_groups",
    "ruleless",
    "seat_by_provider",
    "set_break_glass",
    "set_group_rules",
    "set_provisioning",
    "set_sign_in_policy",
    "set_sso_only",
    "sign_in_policy",
    "suspend_member",
    "team_key",
    "update_role",
    "withdraw_invitation",
]


def create_team(*, actor: Actor, name: str, owner: "User") -> Team:
    """Makes a team with its key and its first owner. For setup and the operator."""
    require_create(actor)
    with transaction.atomic():
        team = store_team(name=name, owner=owner)
        record(kind=events.TEAM_CREATED, actor=actor, subject=team.pk, team=team.pk)
    return team


def first_team(*, actor: Actor) -> Team:
    """For the operator's commands: the oldest team, made with nobody in it when there is none yet."""
    require_operator(actor)
    with transaction.atomic():
        team = Team.objects.order_by("created_at").first()
        if team is None:
            team = store_empty_team(name="Muniment")
            record(kind=events.TEAM_CREATED, actor=actor, subject=team.pk, team=team.pk)
    return team
