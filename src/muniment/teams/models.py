from django.conf import settings
from django.db import models

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.teams.types import Role


class Team(models.Model):
    """The tenant: nothing of one team is ever visible to another."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return self.id


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="teams_membership_once")]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.role}"


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
    grace_days = models.PositiveSmallIntegerField(default=7)
    since = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.team_id)
