"""What is remembered of sealed evidence. No row holds anything that opens it, nor a digest of an original."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from staydown.platforms.models import Platform

from staydown.site.rows import Moving, Row, choices, states_constraint
from staydown.vault.evidence import rules
from staydown.vault.evidence.rules import EvidenceState, Kind, ReleaseState

ABOUT = {
    Kind.ITEM: "item",
    Kind.PAGE: "item",
    Kind.CHECK: "check_row",
    Kind.REPORT: "report",
    Kind.ADDITION: "addition",
    Kind.SCREENSHOT: "report",
}


def _about(kind: Kind) -> Q:
    others = {f"{name}__isnull": name != ABOUT[kind] for name in sorted(set(ABOUT.values()))}
    return Q(kind=kind, **others)


class CaseKey(Row):
    """A case's key pair: the public half seals; the private half is sealed to the custodians. Erased, nothing opens."""

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="evidence_key")
    public = models.CharField(max_length=80)
    private_half = models.BinaryField(null=True)  # null: destroyed, and with it what was sealed
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public


class Evidence(Moving, Row):
    """One thing that is kept as evidence in one case: an original, a page, or words."""

    machine = rules.EVIDENCE

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=choices(Kind), default=Kind.ITEM)
    item = models.ForeignKey("platforms.Item", models.PROTECT, null=True, related_name="evidence")
    check_row = models.ForeignKey("platforms.Check", models.PROTECT, null=True, related_name="evidence")
    report = models.ForeignKey("cases.Report", models.PROTECT, null=True, related_name="evidence")
    addition = models.ForeignKey("cases.Addition", models.PROTECT, null=True, related_name="evidence")
    state = models.CharField(max_length=12, choices=choices(EvidenceState), default=EvidenceState.WANTED)
    reason = models.CharField(max_length=20, blank=True)
    wanted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=200, blank=True)  # in the store
    parts = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # of what is stored
    sha256 = models.BinaryField(max_length=32, null=True)  # of what is stored, never of the original
    record_sha256 = models.BinaryField(max_length=32, null=True)  # of the sealed record as stored

    class Meta:
        constraints = [
            states_constraint("evidence_state_is_declared", EvidenceState),
            models.UniqueConstraint(fields=["case", "item", "kind"], name="evidence_once_for_an_item_of_a_case"),
            models.UniqueConstraint(fields=["case", "check_row"], name="evidence_once_for_an_upload_of_a_case"),
            models.UniqueConstraint(
                fields=["report"], name="evidence_once_for_a_report", condition=Q(kind=Kind.REPORT)
            ),
            models.UniqueConstraint(fields=["addition"], name="evidence_once_for_an_addition"),
            models.CheckConstraint(
                name="evidence_is_about_one_thing", condition=reduce(or_, [_about(kind) for kind in Kind])
            ),
            models.CheckConstraint(
                name="sealed_evidence_is_whole",
                condition=~Q(state=EvidenceState.SEALED)
                | Q(parts__gt=0, sha256__isnull=False, record_sha256__isnull=False) & ~Q(folder=""),
            ),
            models.CheckConstraint(
                name="evidence_not_there_has_a_reason",
                condition=~Q(state__in=[EvidenceState.UNOBTAINABLE, EvidenceState.FORBIDDEN]) | ~Q(reason=""),
            ),
        ]

    @property
    def name(self) -> str:
        """What is sealed, by the platform's id of a post, or our own of anything else."""
        return self.item.external_id if self.item else str(self.check_row_id or self.report_id or self.addition_id)

    @property
    def platform(self) -> "Platform | None":
        """Who hands it over, or handed it on; nobody for what came through the portal."""
        about = self.item or self.check_row or self.report or (self.addition.report if self.addition else None)
        return about.platform if about else None


class Handed(models.Model):
    """What a reporter handed over, sealed to its case's key, until the worker has put it into the store."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, primary_key=True, related_name="handed")
    content = models.BinaryField()  # an age file
    record = models.BinaryField()  # an age file: the acquisition record
    record_digest = models.CharField(max_length=64)  # of the record before it was sealed, as in the journal

    def __str__(self) -> str:
        return str(self.evidence_id)


class ReviewCopy(models.Model):
    """What reviewers see of a screenshot until it is decided (`review`)."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, primary_key=True, related_name="review")
    picture_sealed = models.BinaryField()  # to the working key: a JPEG, in base 64

    def __str__(self) -> str:
        return str(self.evidence_id)


class Waiting(models.Model):
    """A removal order that is not told to its platform before its evidence is settled, or its time is over."""

    order = models.OneToOneField("platforms.Order", models.CASCADE, primary_key=True, related_name="waiting")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="waiting")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} until {self.until:%Y-%m-%d %H:%M:%S}"


class Release(Moving, Row):
    """A wish that a case's sealed evidence leaves the server, and the word of a second person."""

    machine = rules.RELEASE

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="releases")
    state = models.CharField(max_length=10, choices=choices(ReleaseState), default=ReleaseState.PROPOSED)
    reason = models.BinaryField()  # to the working key, and to the case's
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="releases")
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="releases_answered")
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("release_state_is_declared", ReleaseState),
            models.CheckConstraint(
                name="a_release_takes_another_person",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="an_agreed_release_has_two_people",
                condition=~Q(state=ReleaseState.AGREED) | Q(second_by__isnull=False),
            ),
        ]
