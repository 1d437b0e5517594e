"""The lists that trusted flaggers send, and each line of them."""

from django.db import models

from staydown.regimes.harms import Harm, Tri
from staydown.site.rows import Row, choices


class FlagList(Row):
    """What an organisation sent at once. Its lines are taken in one by one, each at most once."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="lists")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="lists")
    number = models.CharField(max_length=120, blank=True)  # the organisation's own
    language = models.CharField(max_length=8, default="en")
    digest = models.BinaryField(max_length=32)  # of what was sent: the same list sent again is the same row
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="a_list_is_taken_once")]


class FlagLine(Row):
    """One address or account of a list, and the report that was made of it."""

    flag_list = models.ForeignKey(FlagList, models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()  # in the list, from 1
    said_sealed = models.BinaryField()  # address or account, words, mandate
    harm = models.CharField(max_length=30, choices=choices(Harm))
    minor = models.CharField(max_length=8, choices=choices(Tri))
    report = models.OneToOneField("cases.Report", models.PROTECT, null=True, related_name="flag_line")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag_list", "place"], name="a_line_once_in_its_place")]
