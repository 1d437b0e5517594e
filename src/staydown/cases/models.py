"""What we know, what we owe, by when."""

from django.db import models
from django.db.models import F, Q

from staydown.cases import rules
from staydown.regimes.duties import Duty, duty
from staydown.regimes.harms import Capacity, Harm, Tri, child_safety, may_be_a_child
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
    escalated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")

    class Meta:
        constraints = [states_constraint("case_state_is_declared", rules.CaseState)]
        indexes = [models.Index(fields=["state", "due_at"], name="cases_by_deadline")]

    @property
    def reference(self) -> str:
        """What people call the case, short enough to say on the telephone."""
        return self.id.hex[-6:].upper()

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
    added_at = models.DateTimeField()

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
    door = models.CharField(max_length=10, choices=[(door, door) for door in ("portal", "platform")])
    capacity = models.CharField(max_length=20, choices=choices(Capacity), default="", blank=True)
    details_sealed = models.BinaryField(null=True)  # see `cases.details`
    withdrawn_at = models.DateTimeField(null=True)


class Complaint(Row):
    """What a reporter says against a decision, within its time. Another person answers it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="complaints")
    decision = models.ForeignKey("cases.Decision", models.PROTECT, related_name="complaints")
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "decision"], name="one_complaint_per_decision")]


class Print(Row):
    """A fingerprint that a reporter's device made: sealed, until the worker watches for it (decision 18)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="prints")
    print_sealed = models.BinaryField()
    entry = models.ForeignKey("banks.Entry", models.PROTECT, null=True, related_name="prints")
    at = models.DateTimeField()


class Addition(Row):
    """Words a reporter added later, with the receipt."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="additions")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()


class Decision(Moving, Row):
    """A person's ruling on a case's items, with ground, facts and reasons."""

    machine = rules.DECISION

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=8, choices=choices(rules.DecisionState), default=rules.DecisionState.PROPOSED)
    ground = models.CharField(max_length=8, choices=choices(rules.Ground))
    provision = models.CharField(max_length=200)
    reasons_sealed = models.BinaryField()  # the moderator's facts and reasons
    answer_sealed = models.BinaryField()  # what each reporter is told
    needs_second = models.BooleanField()
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="decisions")
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="seconded")
    proposed_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("decision_state_is_declared", rules.DecisionState),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=rules.DecisionState.PROPOSED), name="one_proposal_at_a_time"
            ),
            models.CheckConstraint(
                name="a_second_person_is_another",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="what_needs_two_people_has_two",
                condition=~Q(state=rules.DecisionState.MADE, needs_second=True) | Q(second_by__isnull=False),
            ),
        ]


class Line(Row):
    """What a decision says of one item."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    item = models.ForeignKey("platforms.Item", models.PROTECT, related_name="lines")
    ruling = models.CharField(max_length=8, choices=choices(rules.Ruling))
    label = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "item"], name="one_ruling_per_item")]


class Answer(Row):
    """What one reporter is told, sealed to that reporter."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="answers")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "decision"], name="one_answer_per_report")]
