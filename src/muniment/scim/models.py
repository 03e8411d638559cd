from django.db import models
from django.db.models.functions import Lower

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.scim.types import Act


class Token(models.Model):
    """What a team's provider comes with. It is known here only as a hash; `tail`: the end of it."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="scim_tokens")
    name = models.CharField(max_length=60)
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of 256 random bits: nothing to slow down
    tail = models.CharField(max_length=4)
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class Provisioned(models.Model):
    """A member under the provider's care; gone with the membership. `id` is what the provider knows: it is neither the
    account's nor told to another team. `team` is the membership's, here for an index.

    `suspended_at`: when the provider suspended the membership. Where that says another time, the team did.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="+", db_index=False)
    membership = models.OneToOneField("teams.Membership", on_delete=models.CASCADE, related_name="provisioned")
    external_id = models.CharField(max_length=255, blank=True)  # the provider's id: compared, never used as ours
    given_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    suspended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["team", "id"], name="scim_provisioned_of_team"),
            models.Index(fields=["team", "external_id"], name="scim_provisioned_external"),
        ]

    def __str__(self) -> str:
        return self.id


class Group(models.Model):
    """A group of the provider. It gives a role where a rule of the team says so (`teams.provisioning`)."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="+")
    display_name = models.CharField(max_length=255)
    external_id = models.CharField(max_length=255, blank=True)
    members = models.ManyToManyField(Provisioned, through="GroupMember", related_name="groups")
    created_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint("team", Lower("display_name"), name="scim_group_name_once")]

    def __str__(self) -> str:
        return self.id


class GroupMember(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Provisioned, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="scim_group_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.person_id}"


class LogEntry(models.Model):
    """One request that changed something, or was refused. Kept for 90 days; names nobody: `whom` is a reference."""

    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=now, editable=False)
    token = models.CharField(max_length=60)  # its name: who reads it remembers the name, also of a revoked one
    act = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Act])
    whom = models.CharField(max_length=26, blank=True)
    done = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-at"], name="scim_log_of_team")]

    def __str__(self) -> str:
        return f"{self.act}/{self.done}"
