"""A report: what one person sent, what she added and was asked; and what was done about who sends unfounded ones."""

from django.db import models
from django.db.models import Q

from staydown.cases import rules
from staydown.cases.models.case import Case, Subject
from staydown.regimes.harms import CHILD_HARMS, Capacity, Harm, Tri
from staydown.site.rows import Row, choices


class Report(Row):
    """What one person sent us once. Who they are is not asked and not kept."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    subjects = models.ManyToManyField(Subject, related_name="reports")
    platform = models.ForeignKey("platforms.Platform", models.PROTECT, null=True, related_name="reports")
    lookup = models.BinaryField(max_length=32, unique=True)  # digest of the receipt
    public_key = models.CharField(max_length=80)  # words for the reporter are sealed to it
    words_sealed = models.BinaryField(null=True)
    harm = models.CharField(max_length=30, choices=choices(Harm))
    minor = models.CharField(max_length=8, choices=choices(Tri))
    flags = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    reporter_ref = models.BinaryField(max_length=32, null=True)  # keyed digest of a platform's pseudonym (decision 20)
    received_at = models.DateTimeField()
    door = models.CharField(max_length=10, choices=[(door, door) for door in ("portal", "platform", "desk")])
    capacity = models.CharField(max_length=20, choices=choices(Capacity), default="", blank=True)
    details_sealed = models.BinaryField(null=True)  # see `cases.details`
    withdrawn_at = models.DateTimeField(null=True)
    unfounded_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    unfounded_at = models.DateTimeField(null=True)  # a person found it manifestly unfounded, after the decision

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_childs_report_is_never_called_unfounded",
                condition=Q(unfounded_at=None, unfounded_by=None)
                | Q(unfounded_at__isnull=False, unfounded_by__isnull=False, minor=Tri.NO)
                & ~Q(harm__in=[harm.value for harm in sorted(CHILD_HARMS)]),
            ),
        ]


class Print(Row):
    """A fingerprint that a reporter's device made: sealed, until the worker watches for it (decision 18)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="prints")
    print_sealed = models.BinaryField()
    entry = models.ForeignKey("banks.Entry", models.PROTECT, null=True, related_name="prints")
    at = models.DateTimeField()


class Script(Row):
    """One run of words of a report that asks or threatens (`recognition.scripts`), keyed: the same script is known again."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="scripts")
    digest = models.BinaryField(max_length=32, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "digest"], name="a_run_of_words_once_in_a_report")]


class Addition(Row):
    """Words a reporter added later, with the receipt."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="additions")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()


class Message(Row):
    """What one of the staff wrote to one reporter, sealed to that reporter; she answers by an `Addition`."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="messages")
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="messages")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()


class Caution(Row):
    """What was done about a platform's pseudonym that kept on sending manifestly unfounded reports (EU law, art. 23).

    Never more than this: what it sends is looked at after others of the same harm and hour.
    """

    reporter_ref = models.BinaryField(max_length=32)  # keyed digest, as in a report (decision 20)
    step = models.CharField(max_length=8, choices=choices(rules.Step))
    number = models.PositiveIntegerField()  # the four criteria, as they stood
    of = models.PositiveIntegerField()
    gravity = models.CharField(max_length=8, choices=choices(rules.Degree))
    intent = models.CharField(max_length=8, choices=choices(rules.Degree))
    reasons_sealed = models.BinaryField()
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="cautions")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_what_is_slowed_ends",
                condition=Q(step=rules.Step.WARNED, until=None) | Q(step=rules.Step.SLOWED, until__isnull=False),
            ),
        ]
