"""Organisations from outside, the officers who act for them, and the keys of their programs."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from staydown.organisations import rules
from staydown.organisations.rules import Kind, Standing
from staydown.regimes.harms import Harm
from staydown.site.rows import Moving, Row, choices, states_constraint


class Organisation(Moving, Row):
    """An authority or a trusted flagger. Its number is called back; it was never taken from what came in."""

    machine = rules.ADMISSION

    kind = models.CharField(max_length=10, choices=choices(Kind))
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    number = models.CharField(max_length=40)
    found = models.CharField(max_length=300)  # where the number was found
    issuer = models.CharField(max_length=40, blank=True)  # of regimes/data/duties
    harms = models.JSONField(default=list, blank=True)  # a flagger's field; empty: all
    listed = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=choices(Standing), default=Standing.PROPOSED)
    until = models.DateTimeField()
    proposed_by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    admitted_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    admitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("organisation_state_is_declared", Standing),
            models.CheckConstraint(
                name="an_organisation_can_be_called_back", condition=~Q(number="") & ~Q(found="") & ~Q(name="")
            ),
            models.CheckConstraint(
                name="an_organisation_is_admitted_by_another",
                condition=~Q(state=Standing.ADMITTED)
                | Q(admitted_by__isnull=False, admitted_at__isnull=False) & ~Q(admitted_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def stands(self, now: datetime) -> bool:
        """Whether it is admitted, and its time is not over."""
        return rules.stands(self.state, self.until, now)

    def covers(self, harm: Harm) -> bool:
        """Whether a harm is in its field."""
        return not self.harms or harm.value in self.harms


class Officer(Moving, Row):
    """One person of an organisation, in the register until a day: called for at the organisation's own number."""

    machine = rules.ADMISSION

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="officers")
    staff = models.OneToOneField("people.Staff", models.PROTECT, related_name="officer")
    name_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=choices(Standing), default=Standing.PROPOSED)
    until = models.DateTimeField()
    proposed_by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    called_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    admitted_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    admitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("officer_state_is_declared", Standing),
            models.CheckConstraint(
                name="an_officer_was_called_for_and_admitted_by_another",
                condition=~Q(state=Standing.ADMITTED)
                | Q(called_by__isnull=False, called_at__isnull=False, admitted_by__isnull=False)
                & ~Q(admitted_by=F("proposed_by")),
            ),
        ]

    def stands(self, now: datetime) -> bool:
        """Whether this person may act for the organisation now."""
        return rules.stands(self.state, self.until, now) and self.organisation.stands(now)


class Key(Row):
    """A bearer key of an organisation's program. Only its digest is kept; the key itself is shown once."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="keys")
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    made_by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def works(self, now: datetime) -> bool:
        """Whether it opens now: neither revoked nor expired, of an organisation that is admitted."""
        return self.revoked_at is None and now < self.expires_at and self.organisation.stands(now)
