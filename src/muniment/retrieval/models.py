"""The control plane's part of retrieval: where embedding models lie by which agents may still be searched."""

from django.db import models


class KnownModel(models.Model):
    """After the setting names another folder, the one before is looked for here until nothing is searched by it."""

    name = models.CharField(primary_key=True, max_length=120)
    folder = models.CharField(max_length=4096)

    def __str__(self) -> str:
        return self.name
