"""The journal's rows. Triggers (`journal.guards`) refuse every change of them but an erasure."""

from django.db import models


class Entry(models.Model):
    """One act. `commitment` is what the tree holds; the words can be erased, and the tree still verifies."""

    index = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=100)
    actor = models.CharField(max_length=100, null=True)  # null: erased
    about = models.CharField(max_length=150, null=True)  # null: erased
    facts = models.JSONField(null=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index("about", "index", name="entry_about"), models.Index("act", "at", name="entry_act")]
        constraints = [
            models.CheckConstraint(name="entry_index_counts_from_0", condition=models.Q(index__gte=0)),
            models.CheckConstraint(
                name="entry_erased_wholly",
                condition=models.Q(salt=None, actor=None, about=None, facts__isnull=True)
                | models.Q(salt__isnull=False, actor__isnull=False, about__isnull=False, facts__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.act}"


class Tree(models.Model):
    """The single row with the tree's size, peaks and root; whoever appends holds its lock until the commit."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(name="tree_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.size} entries"


class Head(models.Model):
    """A signed statement: at this size the tree had this root."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"{self.size} entries, signed {self.signed_at:%Y-%m-%d %H:%M:%S}"


class Checkpoint(models.Model):
    """A head as it is sent out: a signed note (`journal.notes`), hourly and when the worker stops."""

    size = models.BigIntegerField(primary_key=True)
    note = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size} entries, sent out {self.made_at:%Y-%m-%d %H:%M:%S}"


class Vouching(models.Model):
    """What somebody outside said of a checkpoint: an authority's time-stamp (RFC 3161), or a witness's cosignature."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="vouchings")
    partner = models.CharField(max_length=200)  # the authority's address, or the witness's name
    data = models.BinaryField()  # the authority's response (DER), or the witness's lines
    said_at = models.DateTimeField()  # as they say

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "partner"], name="vouched_once")]

    def __str__(self) -> str:
        return f"{self.partner} of {self.checkpoint_id} entries"


class Partner(models.Model):
    """How it stands with an authority or a witness. The one row of the journal's that may change: it proves nothing."""

    name = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField(default=0)  # of the last checkpoint it vouched for
    heard_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # away | refused | inconsistent | unknown
    troubled_at = models.DateTimeField(null=True)  # since when

    def __str__(self) -> str:
        return self.name
