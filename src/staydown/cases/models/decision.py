"""A decision: its rulings, the statements that explain it, and what each reporter is told."""

import uuid

from django.db import models
from django.db.models import F, Q

from staydown.cases import rules
from staydown.cases.models.case import Case
from staydown.cases.models.report import Report
from staydown.regimes.harms import Harm, Tri
from staydown.site.rows import Moving, Row, choices, states_constraint


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
