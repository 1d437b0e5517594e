"""What is remembered of sealed evidence. No row holds anything that opens it, nor a digest of an original."""

from django.db import models
from django.db.models import F, Q

from staydown.site.rows import Moving, Row, choices, states_constraint
from staydown.vault.evidence import rules
from staydown.vault.evidence.rules import EvidenceState, ReleaseState


class CaseKey(Row):
    """A case's key pair: the public half seals; the private half is sealed to the custodians. Erased, nothing opens."""

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="evidence_key")
    public = models.CharField(max_length=80)
    private_half = models.BinaryField(null=True)  # null: destroyed, and with it what was sealed
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public


class Evidence(Moving, Row):
    """The original of one item, as evidence in one case."""

    machine = rules.EVIDENCE

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="evidence")
    item = models.ForeignKey("platforms.Item", models.PROTECT, related_name="evidence")
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
            models.UniqueConstraint(fields=["case", "item"], name="evidence_once_for_an_item_of_a_case"),
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
