"""What is told to which authority about which case, how far that is, and what the authority answered."""

from django.db import models
from django.db.models import F, Q

from staydown.authorities import rules
from staydown.authorities.rules import Environment, Form, ReferralState
from staydown.regimes.authorities import Authority, authorities
from staydown.regimes.duties import Duty, duty
from staydown.site.rows import Moving, Row, choices, states_constraint


class Referral(Moving, Row):
    """One authority told of one case; NCMEC of one account of it, because it wants one report a person."""

    machine = rules.REFERRAL

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="referrals")
    decision = models.ForeignKey("cases.Decision", models.PROTECT, related_name="referrals")
    authority = models.CharField(max_length=40)  # of regimes/data/authorities.yaml
    form = models.CharField(max_length=10, choices=choices(Form))
    account = models.ForeignKey("platforms.Account", models.PROTECT, null=True, related_name="referrals")
    state = models.CharField(max_length=12, choices=choices(ReferralState), default=ReferralState.PREPARED)
    duty = models.CharField(max_length=40, blank=True)  # empty: nobody is obliged
    prepared_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    late_at = models.DateTimeField(null=True)  # when the lead was called
    words_sealed = models.BinaryField()  # what a person says of it, to the working key
    approved_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="referrals_approved")
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="referrals_filed")
    environment = models.CharField(max_length=10, blank=True, choices=choices(Environment))
    number = models.CharField(max_length=80, blank=True)  # the authority's
    opened_at = models.DateTimeField(null=True)
    with_files = models.BooleanField(default=False)  # custodians add them before it is filed: `authorities.files`
    files_at = models.DateTimeField(null=True)  # when their word of it came back
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=80, blank=True)  # the authority's code, for a person
    reason_sealed = models.BinaryField(null=True)  # why it was dismissed

    class Meta:
        constraints = [
            states_constraint("referral_state_is_declared", ReferralState),
            models.UniqueConstraint(
                fields=["case", "authority", "account"], name="an_authority_is_told_once_of_an_account"
            ),
            models.UniqueConstraint(
                fields=["case", "authority"], condition=Q(account=None), name="an_authority_is_told_once_of_a_case"
            ),
            models.CheckConstraint(
                name="a_referral_is_filed_by_another_person",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("approved_by")),
            ),
            models.CheckConstraint(
                name="a_cybertip_is_filed_by_two_people",
                condition=~Q(form=Form.CYBERTIP, state__in=[ReferralState.SENT, ReferralState.ACKNOWLEDGED])
                | Q(approved_by__isnull=False, second_by__isnull=False) & ~Q(number=""),
            ),
            models.CheckConstraint(
                name="a_report_waits_for_its_files",
                condition=Q(with_files=False)
                | Q(files_at__isnull=False)
                | ~Q(state__in=[ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.TRIED]),
            ),
            models.CheckConstraint(
                name="a_test_satisfies_no_duty",
                condition=~Q(environment=Environment.TEST)
                | ~Q(state__in=[ReferralState.SENT, ReferralState.ACKNOWLEDGED]),
            ),
            models.CheckConstraint(
                name="a_dismissal_has_a_reason",
                condition=~Q(state=ReferralState.DISMISSED) | Q(reason_sealed__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="referrals_by_deadline")]

    def __str__(self) -> str:
        return f"{self.authority} of {self.case_id}"

    @property
    def body(self) -> Authority:
        """The authority, as the data has it."""
        return authorities()[self.authority]

    @property
    def waits_for_files(self) -> bool:
        """Whether custodians have still to add the files."""
        return self.with_files and self.files_at is None

    @property
    def law(self) -> Duty | None:
        """The duty that obliges, if one does."""
        return duty(self.duty) if self.duty else None
