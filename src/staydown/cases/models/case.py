"""A case: what it is about, when somebody is alerted, and what other cases brought to it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from staydown.cases import rules
from staydown.people.models import Staff
from staydown.regimes.duties import Duty, duty
from staydown.regimes.harms import Harm, Tri, child_safety, may_be_a_child
from staydown.site.rows import Moving, Row, choices, states_constraint


class Case(Moving, Row):
    """What the team works on: the reports, items and accounts that belong together."""

    machine = rules.CASE

    state = models.CharField(max_length=8, choices=choices(rules.CaseState), default=rules.CaseState.OPEN)
    harm = models.CharField(max_length=30, choices=choices(Harm))
    minor = models.CharField(max_length=8, choices=choices(Tri))
    flags = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    clock = models.CharField(max_length=40)
    braked = models.BooleanField(default=False)  # a hold rule applied, but the brake left it to a person
    risen_at = models.DateTimeField(null=True)  # several people under age reported an account of it: `voices.Voices`
    escalated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="joined"
    )  # where it is worked on now
    joined_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined_here")  # and what led there
    joined_at = models.DateTimeField(null=True)
    before_joining = models.JSONField(null=True)  # what was known before others were joined to it: `severity.Standing`
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split_off")
    apart = models.ManyToManyField("self")  # a person said that they are not the same: no rule joins them again
    claimed_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="claims")
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("case_state_is_declared", rules.CaseState),
            models.CheckConstraint(
                name="a_claim_ends",
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_joined_case_says_where_it_went",
                condition=Q(state=rules.CaseState.JOINED, joined_into__isnull=False, joined_with__isnull=False)
                | ~Q(state=rules.CaseState.JOINED) & Q(joined_into=None, joined_with=None),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at", "harm", "minor", "id"], name="cases_by_deadline")]

    @property
    def reference(self) -> str:
        """What people call the case, short enough to say on the telephone."""
        return self.id.hex[-6:].upper()

    def claimant(self, now: datetime) -> Staff | None:
        """Who works on the case."""
        return self.claimed_by if self.claimed_until and now < self.claimed_until else None

    @property
    def is_child_safety(self) -> bool:
        return child_safety(Harm(self.harm), Tri(self.minor))

    @property
    def needs_clearance(self) -> bool:
        """Whether only cleared people may see and work on it: "not known" counts as a child (decision 16)."""
        return may_be_a_child(Harm(self.harm), Tri(self.minor))

    @property
    def duty(self) -> Duty:
        """The duty whose clock gave the case its deadline."""
        return duty(self.clock)


class Subject(Row):
    """One thing a case is about: an item, an account, or something elsewhere that we only know by its link."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="subjects")
    item = models.ForeignKey("platforms.Item", models.PROTECT, null=True, related_name="subjects")
    account = models.ForeignKey("platforms.Account", models.PROTECT, null=True, related_name="subjects")
    link_sealed = models.BinaryField(null=True)
    host_told_at = models.DateTimeField(null=True)  # of a link: when a person told whoever hosts it (decision 14)
    host_told_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    views_before = models.PositiveBigIntegerField(null=True)  # of an item, when it was reported; null: not known

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "item"], name="an_item_once_in_a_case"),
            models.UniqueConstraint(fields=["case", "account"], name="an_account_once_in_a_case"),
            models.CheckConstraint(
                name="subject_is_one_thing",
                condition=(
                    Q(item__isnull=False, account__isnull=True, link_sealed__isnull=True)
                    | Q(item__isnull=True, account__isnull=False, link_sealed__isnull=True)
                    | Q(item__isnull=True, account__isnull=True, link_sealed__isnull=False)
                ),
            ),
        ]


class Alert(Row):
    """A part of the time to decide is over: planned once for each deadline of a case, fired once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="alerts")
    due_at = models.DateTimeField()  # the deadline it belongs to: where that moves, others are planned
    percent = models.PositiveSmallIntegerField()
    fires_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "due_at", "percent"], name="one_alert_for_each_part_of_a_deadline")
        ]
        indexes = [models.Index(fields=["fires_at"], condition=Q(fired_at=None), name="alerts_to_fire")]


class Brought(Row):
    """One thing that a joined case brought along: undoing that takes it back there. Each thing is brought by one case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="brought")
    report = models.OneToOneField("cases.Report", models.CASCADE, null=True, related_name="brought")
    order = models.OneToOneField("platforms.Order", models.CASCADE, null=True, related_name="brought")
    check_row = models.OneToOneField("platforms.Check", models.CASCADE, null=True, related_name="brought")
    entry = models.OneToOneField("banks.Entry", models.CASCADE, null=True, related_name="brought")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="one_thing_is_brought",
                condition=(
                    Q(report__isnull=False, order=None, check_row=None, entry=None)
                    | Q(report=None, order__isnull=False, check_row=None, entry=None)
                    | Q(report=None, order=None, check_row__isnull=False, entry=None)
                    | Q(report=None, order=None, check_row=None, entry__isnull=False)
                ),
            )
        ]
