"""Authority orders: what each says, how far it is, what it hid, who was called back, and what the uploader is told."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from staydown.authority_orders import rules
from staydown.authority_orders.rules import Answered, Channel, Kind, OrderState, Verified
from staydown.regimes.duties import Duty, PauseReason, duty
from staydown.regimes.harms import Harm, Tri, may_be_a_child
from staydown.site.rows import Moving, Row, choices, states_constraint


class AuthorityOrder(Moving, Row):
    """One order of an authority. What it says is sealed: it names whom it is about."""

    machine = rules.AUTHORITY_ORDER

    kind = models.CharField(max_length=12, choices=choices(Kind))
    state = models.CharField(max_length=10, choices=choices(OrderState), default=OrderState.INCOMPLETE)
    channel = models.CharField(max_length=4, choices=choices(Channel))
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="orders")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="orders")
    entered_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=120, blank=True)  # the authority's own
    harm = models.CharField(max_length=30, choices=choices(Harm), default=Harm.UNSPECIFIED)
    minor = models.CharField(max_length=8, choices=choices(Tri), default=Tri.UNKNOWN)
    said_sealed = models.BinaryField()  # see `saying`
    digest = models.BinaryField(max_length=32, null=True)  # of what was sent: sent again, it is the same order
    missing = models.JSONField(default=list)
    served_at = models.DateTimeField()  # when it was served, which starts the clock
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)  # when the authority was told that it arrived
    named = models.PositiveIntegerField(default=0)  # how many addresses and fingerprints it names
    completed_at = models.DateTimeField(null=True)
    stated_at = models.DateTimeField(null=True)  # by when the order itself wants it done
    silent_until = models.DateTimeField(null=True)  # the uploader is told from then on, as the order lawfully says
    keep_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    clock = models.CharField(max_length=40, blank=True)  # empty: our own time
    late_at = models.DateTimeField(null=True)  # when the lead was called
    verified_how = models.CharField(max_length=10, blank=True, choices=choices(Verified))
    verified_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # when its words were destroyed, of one that never became complete
    report = models.OneToOneField("cases.Report", models.PROTECT, null=True, related_name="authority_order")
    executed_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(null=True)
    effect_at = models.DateTimeField(null=True)  # when nobody saw it any more, as the platforms confirmed
    reply_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField(null=True)  # why it was refused
    disclosure_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    disclosure_second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            states_constraint("authority_order_state_is_declared", OrderState),
            models.CheckConstraint(
                name="a_binding_order_is_complete",
                condition=~Q(state__in=[each.value for each in rules.BINDING]) | Q(completed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_refused_order_has_a_reason",
                condition=~Q(state=OrderState.REFUSED) | Q(reason_sealed__isnull=False),
            ),
            models.CheckConstraint(
                name="disclosing_takes_a_call_back_and_two_people",
                condition=Q(disclosure_second_by=None)
                | Q(kind=Kind.INFORMATION, verified_how=Verified.CALL_BACK, disclosure_by__isnull=False)
                & ~Q(disclosure_second_by=F("disclosure_by")),
            ),
            models.CheckConstraint(
                name="an_answered_order_says_its_effect",
                condition=~Q(state=OrderState.ANSWERED) | Q(effect_at__isnull=False, answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="authority_orders_by_deadline")]

    @property
    def reference(self) -> str:
        """What people call the order, short enough to say on the telephone."""
        return self.id.hex[-6:].upper()

    @property
    def needs_clearance(self) -> bool:
        """Whether a child is or may be concerned: by what the order says, and by what became known of its case."""
        return may_be_a_child(Harm(self.harm), Tri(self.minor)) or bool(
            self.report and self.report.case.needs_clearance
        )

    @property
    def runs_until(self) -> datetime | None:
        """By when it is owed; None where no time runs: something is missing, it stands still, or the order is gone."""
        still = self.state == OrderState.RECEIVED and any(each.until is None for each in self.pauses.all())
        return self.due_at if self.state in rules.BINDING and not still else None

    @property
    def law(self) -> Duty | None:
        """The duty whose clock gave the order its deadline."""
        return duty(self.clock) if self.clock else None


class OrderedItem(Row):
    """One post that an order is about, and what we ordered the platform to do for it: taken back, it comes back."""

    authority_order = models.ForeignKey(AuthorityOrder, models.PROTECT, related_name="items")
    item = models.ForeignKey("platforms.Item", models.PROTECT, related_name="authority_orders")
    hidden = models.ForeignKey("platforms.Order", models.PROTECT, null=True, related_name="+")
    removed = models.ForeignKey("platforms.Order", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority_order", "item"], name="an_item_once_in_an_order")]


class CallBack(Row):
    """One call to an organisation at the number that the register has; never at one that came with the order."""

    authority_order = models.ForeignKey(AuthorityOrder, models.PROTECT, related_name="calls")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="calls")
    number = models.CharField(max_length=40)  # that was called
    answered = models.CharField(max_length=10, choices=choices(Answered))
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class OrderPause(Row):
    """A time in which an order's clock stood still, as its law allows once the authority was told."""

    authority_order = models.ForeignKey(AuthorityOrder, models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20, choices=choices(PauseReason))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")  # none: by what was missing


class UploaderNotice(Row):
    """What an uploader is told of an order (Regulation (EU) 2022/2065, art. 9(5)), at once or when its silence is over.

    Its platform fetches it, gives it to the account, and says so.
    """

    authority_order = models.ForeignKey(AuthorityOrder, models.PROTECT, related_name="notices")
    order = models.OneToOneField("platforms.Order", models.PROTECT, related_name="uploader_notice")
    words_sealed = models.BinaryField()
    tell_from = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)  # when it was called out that nobody says so


def untold(now: datetime) -> Q:
    """The notices that a platform should have given long ago, and has not confirmed."""
    return Q(told_at=None, tell_from__lt=now - rules.UNTOLD)


def late(now: datetime) -> Q:
    """What is owed, and over time: to be carried out, or to be answered; of what is incomplete, that nobody said so."""
    before = Q(state=OrderState.RECEIVED) | Q(state=OrderState.INCOMPLETE, acknowledged_at=None)
    return before & Q(due_at__lt=now) | Q(state=OrderState.EXECUTED, reply_due_at__lt=now)
