from django.db import models

from muniment.core.clock import now


class Conversation(models.Model):
    """The content-free index of conversations, so that pages across agents open no silo. Names lie in the silo."""

    id = models.CharField(primary_key=True, max_length=26, editable=False)
    agent = models.ForeignKey("agents.Agent", on_delete=models.CASCADE, related_name="conversations")
    person = models.CharField(max_length=26, db_index=True, editable=False)  # audit reference of who asks
    created_at = models.DateTimeField(default=now, editable=False)
    asked_at = models.DateTimeField(default=now)
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["agent", "person", "-asked_at"])]

    def __str__(self) -> str:
        return self.id
