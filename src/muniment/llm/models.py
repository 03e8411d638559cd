from django.db import models

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.llm.types import ProviderKind


class Provider(models.Model):
    """An endpoint that speaks the OpenAI chat format, and one model of it. `team` is the id of the team it is for.

    `sealed_key` opens for the host of `base_url` alone. Prices are for a million tokens, in the team's currency.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.CharField(max_length=26, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(
        max_length=10, default=ProviderKind.OPENAI, choices=[(kind.value, kind.value) for kind in ProviderKind]
    )
    base_url = models.CharField(max_length=500)
    model = models.CharField(max_length=200)
    api_version = models.CharField(max_length=40, blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    patience = models.PositiveIntegerField(default=120)  # seconds without a word
    input_price = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    output_price = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="llm_provider_name_once")]

    def __str__(self) -> str:
        return self.id


class Budget(models.Model):
    """What a team may spend in a month over all its providers; None: no limit. `cost`: millionths of its currency."""

    team = models.CharField(primary_key=True, max_length=26, editable=False)
    tokens = models.PositiveBigIntegerField(null=True)
    cost = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return self.team


class Spending(models.Model):
    """What a team spent in a month (YYYY-MM, UTC), calls under way counted at the most they can cost."""

    team = models.CharField(max_length=26, editable=False)
    month = models.CharField(max_length=7, editable=False)
    calls = models.PositiveBigIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cost = models.PositiveBigIntegerField(default=0)  # millionths

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "month"], name="llm_spending_once")]

    def __str__(self) -> str:
        return f"{self.team}/{self.month}"
