from django.db import models
from django.db.models import Q

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.credits.types import COUNTED, Credit, Held


class TeamCredit(models.Model):
    """What the operator allows one team; None: no limit. `is_default`: what the settings say counts instead.

    Its row is what everybody who counts for the team holds meanwhile, whatever the database.
    """

    team = models.CharField(primary_key=True, max_length=26, editable=False)
    words = models.PositiveBigIntegerField(null=True)
    queries = models.PositiveBigIntegerField(null=True)
    is_default = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.team


class DocumentWords(models.Model):
    """How many words a document takes: content-free, so that sums over agents open no silo."""

    document = models.CharField(primary_key=True, max_length=26, editable=False)
    silo = models.CharField(max_length=26, db_index=True, editable=False)
    team = models.CharField(max_length=26, editable=False)
    words = models.PositiveBigIntegerField()
    held = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Held])
    since = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(
                fields=["team", "silo", "words"],
                condition=Q(held__in=[one.value for one in COUNTED]),
                name="credits_sums",
            ),
            models.Index(fields=["team", "since"], condition=Q(held=Held.WAITING.value), name="credits_waiting"),
        ]

    def __str__(self) -> str:
        return self.document


class MonthlyQueries(models.Model):
    """How many questions to one agent were answered in a month (YYYY-MM, UTC)."""

    team = models.CharField(max_length=26, editable=False)
    month = models.CharField(max_length=7, editable=False)
    silo = models.CharField(max_length=26, editable=False)
    queries = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "month", "silo"], name="credits_queries_once")]

    def __str__(self) -> str:
        return f"{self.team}/{self.month}"


class QueryUnderWay(models.Model):
    """A question that is being answered within a limit: it counts until it is known whether it was."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.CharField(max_length=26, editable=False)
    month = models.CharField(max_length=7, editable=False)
    since = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["team", "month"])]

    def __str__(self) -> str:
        return self.id


class LimitTold(models.Model):
    """That a team was told, in this month, how much of this limit is used."""

    team = models.CharField(max_length=26, editable=False)
    month = models.CharField(max_length=7, editable=False)
    credit = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Credit])
    limit = models.PositiveBigIntegerField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "month", "credit", "limit", "percent"], name="credits_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.team}/{self.month}/{self.credit}"
