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
