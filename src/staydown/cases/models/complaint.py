"""A complaint against a decision, and its answer by another person."""

from django.db import models
from django.db.models import F, Q

from staydown.cases import rules
from staydown.cases.models.report import Report
from staydown.site.rows import Row, choices


class Complaint(Row):
    """What a reporter, or who published it, says against a decision, within its time. Another person answers it.

    An uploader's comes through the platform, which vouches that the post is his; `answer_sealed` is what he is told.
    """

    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="complaints")
    item = models.ForeignKey("platforms.Item", models.PROTECT, null=True, related_name="complaints")
    decision = models.ForeignKey("cases.Decision", models.PROTECT, related_name="complaints")
    decided_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    seconded_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    words_sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=8, default="en")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer_sealed = models.BinaryField(null=True)
    outcome = models.CharField(max_length=8, choices=choices(rules.Outcome), blank=True)
    settled_by = models.ForeignKey("cases.Decision", models.PROTECT, null=True, related_name="settled")
    answered_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "decision"], name="one_complaint_per_decision"),
            models.UniqueConstraint(fields=["item", "decision"], name="one_uploaders_complaint_per_decision"),
            models.CheckConstraint(
                name="a_complaint_is_by_one_side",
                condition=Q(report__isnull=False, item=None) | Q(report=None, item__isnull=False),
            ),
            models.CheckConstraint(
                name="another_person_answers_a_complaint",
                condition=Q(answered_by=None)
                | (Q(decided_by=None) | ~Q(answered_by=F("decided_by")))
                & (Q(seconded_by=None) | ~Q(answered_by=F("seconded_by"))),
            ),
            models.CheckConstraint(
                name="a_settled_complaint_says_how",
                condition=Q(outcome="", settled_by=None, answered_by=None, settled_at=None)
                | ~Q(outcome="") & Q(settled_by__isnull=False, answered_by__isnull=False, settled_at__isnull=False),
            ),
        ]
