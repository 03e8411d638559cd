from django.db import models

from muniment.core.clock import now
from muniment.core.ids import new_number


class Number(models.Model):
    """The whole number by which clients of /api/v1 know a thing, whose random id is `ref`. Neither tells anything.
    `within`: the id of the agent it belongs to, for what lies in a silo.
    """

    id = models.BigIntegerField(primary_key=True, default=new_number, editable=False)
    ref = models.CharField(max_length=26, unique=True, editable=False)
    within = models.CharField(max_length=26, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class Attempt(models.Model):
    """That a write with this Idempotency-Key was begun by this API key, and how it ended: `status` is 0 until then.

    Hashes and a status, never what was sent or answered: docs/decisions/0024-idempotency.md.
    """

    id = models.CharField(primary_key=True, max_length=64, editable=False)  # SHA-256 of both keys
    fingerprint = models.CharField(max_length=64, editable=False)  # SHA-256 of what was asked
    status = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(default=now, db_index=True, editable=False)

    def __str__(self) -> str:
        return self.id
