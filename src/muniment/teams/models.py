from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.teams.domain_names import CHALLENGE, unicode_name
from muniment.teams.types import (
    DOMAIN_GRACE,
    ON_GRANTED,
    PERMISSIONS,
    ConsentBy,
    DomainFound,
    DomainState,
    Rights,
    Role,
)


class Team(models.Model):
    """The tenant: nothing of one team is ever visible to another."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return self.id


class CustomRole(models.Model):
    """A role of one team's own. The permissions are those of `core.permissions`, by value."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    everywhere = models.JSONField(default=list)
    on_granted = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("team", Lower("name"), name="teams_role_name_once")]

    def __str__(self) -> str:
        return self.id

    @property
    def rights(self) -> Rights:
        return Rights(known(self.everywhere), known(self.on_granted))


def known(values: Iterable[str]) -> frozenset[Permission]:
    """A permission that this version does not know is denied."""
    found = set()
    for value in values:
        with suppress(ValueError):
            found.add(Permission(value))
    return frozenset(found)


class HasRole(models.Model):
    """A role of the product, or one of the team's own: `role` is CUSTOM where `custom_role` says which."""

    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    custom_role = models.ForeignKey(CustomRole, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def held(self) -> Role | CustomRole:
        return self.custom_role or Role(self.role)

    @property
    def rights(self) -> Rights:
        return rights_of(self.held)


def rights_of(role: Role | CustomRole) -> Rights:
    if isinstance(role, CustomRole):
        return role.rights
    return Rights(PERMISSIONS[role], ON_GRANTED.get(role, frozenset()))


def role_fields(role: Role | CustomRole) -> dict[str, Any]:
    """The columns of `HasRole` that say this role."""
    custom = role if isinstance(role, CustomRole) else None
    return {"role": Role.CUSTOM if custom else role, "custom_role": custom}


def _one_role(name: str) -> models.CheckConstraint:
    is_custom = models.Q(role=Role.CUSTOM)
    return models.CheckConstraint(
        condition=(is_custom & models.Q(custom_role__isnull=False)) | (~is_custom & models.Q(custom_role=None)),
        name=name,
    )


class Membership(HasRole):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    suspended_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)  # sessions from before do not open the team any more
    break_glass = models.BooleanField(default=False)  # signs in without the provider where the team demands it
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="teams_membership_once"),
            _one_role("teams_membership_one_role"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.role}"


class Invitation(HasRole):
    """A seat kept for an e-mail address until it expires. Its token is known here only as a hash."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "email"], name="teams_invitation_once"),
            _one_role("teams_invitation_one_role"),
        ]

    def __str__(self) -> str:
        return self.id


class ApiKey(models.Model):
    """A key of a person (`user`), or with None of the team itself. It is known here only as a hash.

    `agents` lists the agents it is for; None: all that its holder reaches. `tail`: the end of the key, to tell it from
    others in a list.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="keys")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="keys")
    name = models.CharField(max_length=60)
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits: nothing to slow down
    tail = models.CharField(max_length=4)
    permissions = models.JSONField()
    agents = models.JSONField(null=True)
    consent = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ConsentBy])
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id

    @property
    def held(self) -> frozenset[Permission]:
        return known(self.permissions)


class SetupLink(models.Model):
    """The one link that claims an unclaimed installation. Its token is known here only as a hash."""

    token_hash = models.BinaryField(max_length=32)  # SHA-256 of 256 random bits: nothing to slow down or salt
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.expires_at:%H:%M}"


class Claim(models.Model):
    """That this installation was claimed, and whether the owner has proven to hold the recovery kit.

    There is one row at most, its number fixed: of two claims at the same moment the database lets one in, whatever
    engine it is.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="claim")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=now, editable=False)
    kit_confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="teams_claim_once")]

    def __str__(self) -> str:
        return self.team_id


class SignInPolicy(models.Model):
    """What a team demands of how its people sign in. `since` is when it last demanded more: grace counts from there,
    or from when a person joined.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="sign_in_policy")
    second_factor = models.BooleanField(default=False)
    passkey = models.BooleanField(default=False)  # of those who may add members
    sso_only = models.BooleanField(default=False)  # the team's provider alone opens the team
    grace_days = models.PositiveSmallIntegerField(default=7)
    since = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.team_id)


class Domain(models.Model):
    """A domain that a team says is its own, in A-labels, and what DNS said of it. A VERIFIED one alone counts.

    `asked_at`: when the present attempt began; `next_check_at`: None where none is due; `missing_since`: since when a
    proof that once stood is gone.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=43)  # 256 random bits, base64url; public once it stands in DNS
    state = models.CharField(
        max_length=10, default=DomainState.PENDING, choices=[(one.value, one.value) for one in DomainState]
    )
    found = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in DomainFound])
    added_at = models.DateTimeField(default=now, editable=False)
    asked_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True, default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="teams_domain_once"),
            # Attack stopped: two teams prove one domain in the same moment, and each signs in people of the other.
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(state=DomainState.VERIFIED), name="teams_domain_verified_once"
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def unicode_name(self) -> str:
        """As people write it; empty where that is the same."""
        return unicode_name(self.name)

    @property
    def record_name(self) -> str:
        return f"{CHALLENGE}.{self.name}"

    @property
    def record_value(self) -> str:
        return f"muniment-verification={self.token}"

    @property
    def counts_until(self) -> datetime | None:
        """When a verified domain stops to count unless its record comes back; None while the record stands."""
        is_missing = self.state == DomainState.VERIFIED and self.missing_since is not None
        return self.missing_since + DOMAIN_GRACE if self.missing_since and is_missing else None


class ProvisioningPolicy(HasRole):
    """How people come into a team, and leave it, by its provider. The role is what new people get where no rule fits.

    `heir`: who gets what was theirs of people whom the provider deletes; None: it is deleted with them.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="provisioning")
    role = models.CharField(max_length=20, default=Role.MEMBER, choices=[(role.value, role.value) for role in Role])
    joins_on_sign_in = models.BooleanField(default=False)
    scim = models.BooleanField(default=False)
    heir = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [_one_role("teams_provisioning_one_role")]

    def __str__(self) -> str:
        return str(self.team_id)


class GroupRule(HasRole):
    """The role that a group of the provider gives. The first rule by position that fits a person counts."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="group_rules")
    group = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "group"], name="teams_group_rule_once"),
            _one_role("teams_group_rule_one_role"),
        ]

    def __str__(self) -> str:
        return self.id
