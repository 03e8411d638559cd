from django.conf import settings
from django.db import models

from muniment.agents.types import AgentState, AnswerLength, OpeningState
from muniment.core.clock import now
from muniment.core.ids import new_id


class Agent(models.Model):
    """What is known of an agent outside its silo. `silo` is the id of the sealed store; no content is here."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="agents")
    silo = models.CharField(max_length=26, unique=True, editable=False)
    name = models.CharField(max_length=100)
    instructions = models.TextField(blank=True, max_length=4000)
    no_answer = models.CharField(max_length=500, blank=True)
    length = models.CharField(
        max_length=10, default=AnswerLength.MEDIUM, choices=[(length.value, length.value) for length in AnswerLength]
    )
    provider = models.CharField(max_length=26, blank=True, default="")  # of models; empty: it answers with quotes
    reads_along = models.CharField(max_length=80, blank=True, default="")  # of `ReadAlong`, with blanks between
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    delete_originals = models.BooleanField(default=False)
    ephemeral = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, default=AgentState.LIVE, choices=[(state.value, state.value) for state in AgentState]
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    personal = models.BooleanField(default=False)  # private to its owner, those it is granted to, and administrators
    created_by = models.CharField(max_length=26, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["team", "created_at"])]

    def __str__(self) -> str:
        return self.id

    @property
    def url(self) -> str:
        """Its first page, under which all its others lie (docs/rooms/look.md)."""
        return f"/agents/{self.id}"


class ChatOpening(models.Model):
    """An agent is open to the chat users of one connection: to those in one of `groups`, or to `everybody`."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="chat_openings")
    connection = models.ForeignKey("sso.Connection", on_delete=models.CASCADE, related_name="+")
    everybody = models.BooleanField(default=False)
    groups = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, default=OpeningState.DRAFT, choices=[(state.value, state.value) for state in OpeningState]
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "connection"], name="agents_chat_opening_once")]

    def __str__(self) -> str:
        return self.id


class AgentGrant(models.Model):
    """What one member, or all who have a role, may do with one agent, beside what their role says of all."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="agent_grants")
    role = models.CharField(max_length=20, blank=True, default="")
    custom_role = models.ForeignKey("teams.CustomRole", on_delete=models.CASCADE, null=True, related_name="+")
    permissions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "user"], name="agents_grant_once"),
            models.UniqueConstraint(
                fields=["agent", "role"], condition=models.Q(user=None, custom_role=None), name="agents_grant_role_once"
            ),
            models.UniqueConstraint(fields=["agent", "custom_role"], name="agents_grant_custom_role_once"),
            models.CheckConstraint(
                condition=(models.Q(user__isnull=False) & models.Q(role="", custom_role=None))
                | (models.Q(user=None) & ~models.Q(role="")),
                name="agents_grant_person_or_role",
            ),
        ]

    def __str__(self) -> str:
        return self.agent_id
