"""Holds that keep a case, and destructions of what a case holds. Reasons are sealed to the working key."""

from django.db import models
from django.db.models import F, Q

from staydown.regimes.retention import Kept
from staydown.site.rows import Moving, Row, choices, states_constraint
from staydown.vault.retention import rules
from staydown.vault.retention.rules import DESTROYABLE, DestructionState, HoldKind


class Hold(Row):
    """A case is kept whatever the schedule says: until it is lifted, or until its day."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=12, choices=choices(HoldKind))
    reason_sealed = models.BinaryField()
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="holds_set")
    set_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # null: until it is lifted
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="holds_lifted")
    lift_reason_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_kind_is_known", condition=Q(kind__in=[each.value for each in HoldKind])),
            models.CheckConstraint(
                name="a_lifted_hold_says_by_whom_and_why",
                condition=Q(lifted_at=None, lifted_by=None, lift_reason_sealed__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_reason_sealed__isnull=False),
            ),
        ]


class Destruction(Moving, Row):
    """The destruction of a case's media, contact or whole file: who wanted it, by which rule, and what became of it."""

    machine = rules.DESTRUCTION

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="destructions")
    what = models.CharField(max_length=10, choices=[(each.value, each.value) for each in DESTROYABLE])
    state = models.CharField(max_length=10, choices=choices(DestructionState), default=DestructionState.PROPOSED)
    rule = models.CharField(max_length=40, blank=True)  # of regimes/data/retention.yaml; empty: before any asked for it
    reason_sealed = models.BinaryField(null=True)  # null: the timer's
    by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="destructions")
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="destructions_answered")
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # what was destroyed, for the certificate

    class Meta:
        constraints = [
            states_constraint("destruction_state_is_declared", DestructionState),
            models.UniqueConstraint(
                fields=["case", "what"],
                condition=Q(state__in=[DestructionState.PROPOSED, DestructionState.AGREED, DestructionState.ERASED]),
                name="one_destruction_under_way",
            ),
            models.CheckConstraint(
                name="a_destruction_takes_another_person",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="nothing_is_destroyed_on_one_word",
                condition=~Q(state__in=[DestructionState.AGREED, DestructionState.ERASED, DestructionState.DONE])
                | Q(by__isnull=True) & ~Q(rule="")
                | Q(by__isnull=False, second_by__isnull=False),
            ),
        ]

    @property
    def kept(self) -> Kept:
        """What is destroyed."""
        return Kept(self.what)
