"""What we know, what we owe, by when."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from staydown.cases import rules
from staydown.people.models import Staff
from staydown.regimes.duties import Duty, duty
from staydown.regimes.harms import CHILD_HARMS, Capacity, Harm, Tri, child_safety, may_be_a_child
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


class Brought(Row):
    """One thing that a joined case brought along: undoing that takes it back there. Each thing is brought by one case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="brought")
    report = models.OneToOneField(Report, models.CASCADE, null=True, related_name="brought")
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


class Decision(Moving, Row):
    """A person's ruling on a case's items, with ground, facts and reasons."""

    machine = rules.DECISION

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=8, choices=choices(rules.DecisionState), default=rules.DecisionState.PROPOSED)
    ground = models.CharField(max_length=8, choices=choices(rules.Ground))
    provision = models.CharField(max_length=200)
    reasons_sealed = models.BinaryField()  # the moderator's facts and reasons
    answer_sealed = models.BinaryField()  # what each reporter is told
    statement_sealed = models.BinaryField(null=True)  # what the uploader is told, where something is restricted
    needs_second = models.BooleanField()
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="decisions")
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="seconded")
    proposed_at = models.DateTimeField()
    takes_two = models.JSONField(default=list)  # `cases.two_people`: which of its acts nobody does alone
    lapses_at = models.DateTimeField(null=True)  # a proposal that nobody answered by then lapses
    answered_at = models.DateTimeField(null=True)  # by the second person
    refusal_sealed = models.BinaryField(null=True)  # why she did not agree
    settles_at = models.DateTimeField(null=True)  # until then it can be undone
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("decision_state_is_declared", rules.DecisionState),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[rules.DecisionState.PROPOSED.value, rules.DecisionState.SETTLING.value]),
                name="one_decision_under_way",
            ),
            models.CheckConstraint(
                name="a_second_person_is_another",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="what_needs_two_people_has_two",
                condition=~Q(state__in=[state.value for state in rules.STANDS], needs_second=True)
                | Q(second_by__isnull=False),
            ),
            models.CheckConstraint(
                name="what_waits_for_two_lapses",
                condition=Q(needs_second=False) | Q(lapses_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "lapses_at"], name="decisions_by_state")]


class Line(Row):
    """What a decision says of one item."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    item = models.ForeignKey("platforms.Item", models.PROTECT, related_name="lines")
    ruling = models.CharField(max_length=8, choices=choices(rules.Ruling))
    label = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "item"], name="one_ruling_per_item")]


class AccountLine(Row):
    """What a decision says of one account."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="account_lines")
    account = models.ForeignKey("platforms.Account", models.PROTECT, related_name="lines")
    ruling = models.CharField(max_length=10, choices=choices(rules.AccountRuling))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "account"], name="one_ruling_per_account")]


class Statement(Row):
    """The statement of reasons that explains one order to whom it restricts (Regulation (EU) 2022/2065, art. 17).

    All but `words_sealed` is in the vocabulary of the EU's Transparency Database (`transparency.vocabulary`), holds
    nothing personal, and may be published. The platform fetches it by the order's `statement_id` and gives it to the uploader.
    """

    order = models.OneToOneField("platforms.Order", models.PROTECT, related_name="statement")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="statements")
    puid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # random: it says nothing of the case
    harm = models.CharField(max_length=30, choices=choices(Harm))
    minor = models.CharField(max_length=8, choices=choices(Tri))
    flags = models.JSONField(default=list)
    decision_visibility = models.JSONField(default=list)
    decision_account = models.CharField(max_length=60, blank=True)
    decision_provision = models.CharField(max_length=60, blank=True)
    decision_ground = models.CharField(max_length=60)
    legal_ground = models.CharField(max_length=500)  # the article, or the platform's rule
    decision_facts = models.CharField(max_length=5000)  # a standard sentence
    content_type = models.JSONField(default=list)
    category = models.CharField(max_length=80)
    category_specification = models.JSONField(default=list)
    territorial_scope = models.JSONField(default=list)
    content_date = models.DateField(null=True)
    application_date = models.DateField()
    end_date = models.DateField(null=True)  # null: until somebody lifts it
    source_type = models.CharField(max_length=60)
    automated_detection = models.BooleanField()
    automated_decision = models.CharField(max_length=60)
    contest_until = models.DateTimeField()
    words_sealed = models.BinaryField()  # what the uploader reads: facts and reasons, nothing of who reported
    at = models.DateTimeField(db_index=True)


class Answer(Row):
    """What one reporter is told, sealed to that reporter."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="answers")
    words_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "decision"], name="one_answer_per_report")]


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
