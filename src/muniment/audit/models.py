"""Tables of the log. No foreign keys to any room, and none among these: an entry must outlive all it speaks of.

Entry, node, checkpoint and log are insert-only: triggers made in the first migration raise on UPDATE, DELETE and
REPLACE. Whoever can write the file can drop a trigger; the checkpoints that others keep are what then tells.
"""

from django.db import models

from muniment.core.ids import LENGTH

HASH = 32


class Outbox(models.Model):
    """Events on their way into the log, written in the transaction of the act.

    `silo` is set for those taken out of a silo's own outbox before it was erased: they may speak for that silo only.
    """

    event = models.CharField(max_length=LENGTH, unique=True)
    body = models.BinaryField()
    silo = models.CharField(max_length=LENGTH, blank=True)

    def __str__(self) -> str:
        return self.event


class Log(models.Model):
    """One epoch: a tree of its own. A restore opens the next."""

    origin = models.CharField(max_length=64, unique=True)
    opened = models.DateTimeField()

    def __str__(self) -> str:
        return self.origin


class Entry(models.Model):
    """`body` is what the leaf commits to; the other columns repeat it for filters and are checked against it."""

    log = models.BigIntegerField()
    seq = models.BigIntegerField()
    event = models.CharField(max_length=LENGTH, unique=True)
    body = models.TextField()
    leaf = models.BinaryField(max_length=HASH)
    at = models.DateTimeField()
    kind = models.CharField(max_length=128)
    actor = models.CharField(max_length=LENGTH, db_index=True)
    subject = models.CharField(max_length=LENGTH, null=True, db_index=True)  # noqa: DJ001 - absent is not empty
    team = models.CharField(max_length=LENGTH, null=True, db_index=True)  # noqa: DJ001
    silo = models.CharField(max_length=LENGTH, null=True, db_index=True)  # noqa: DJ001

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "seq"], name="audit_entry_place")]

    def __str__(self) -> str:
        return self.event


class Node(models.Model):
    """The hash of a complete subtree of 2^level leaves, level 1 and above; level 0 is `Entry.leaf`."""

    log = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=HASH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="audit_node_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    log = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=HASH)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="audit_checkpoint_size")]

    def __str__(self) -> str:
        return f"{self.size}"


class SealedDetail(models.Model):
    """Personal detail of an event, sealed under `keys` (see `sealing`). Erasure deletes rows; nothing changes one."""

    event = models.CharField(max_length=LENGTH, unique=True)
    keys = models.CharField(max_length=80)
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return self.event


class Person(models.Model):
    """A random reference that stands for a person and has an account key. Erased ones stay, so as not to come back."""

    ref = models.CharField(max_length=LENGTH, primary_key=True)
    erased = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.ref


class Lease(models.Model):
    """The one row whose holder sequences. Its row lock is what keeps two sequencers apart; see `sequencer`."""

    owner = models.CharField(max_length=LENGTH)
    until = models.DateTimeField()
    term = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.owner
