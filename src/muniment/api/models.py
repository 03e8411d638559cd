from django.db import models

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
