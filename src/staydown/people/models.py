"""Members of the staff, and the links by which they come in for the first time."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from staydown.people import rules
from staydown.people.rules import Act, Person, Role
from staydown.site.rows import Row, choices


class StaffManager(BaseUserManager["Staff"]):
    """Members of the staff, found by user name."""


class Staff(Row, AbstractBaseUser):
    """A member of the staff. No e-mail address: whoever lost everything asks the operator for a new link."""

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    role = models.CharField(max_length=12, choices=choices(Role), default=Role.MODERATOR.value)
    cleared = models.BooleanField(default=False, help_text="qualified for child-safety cases")
    languages = models.JSONField(default=list, blank=True, help_text="two-letter codes, the best first")
    spared = models.JSONField(default=list, blank=True, help_text="harms that the queue leaves out, as she asked")
    filters = models.JSONField(default=list, blank=True, help_text="of the queue: name and query")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    away_until = models.DateTimeField(null=True, blank=True)  # her turn at what is gravest is over: `people.exposures`

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "member of the staff"
        verbose_name_plural = "staff"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="staff_has_a_known_role"
            )
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def person(self) -> Person:
        """This row as the rules see it."""
        return Person(self.pk, Role(self.role), self.cleared, self.is_active)

    @property
    def journal_name(self) -> str:
        """How the journal names this person: an id, never a name."""
        return f"staff:{self.pk}"

    def may(self, act: Act) -> bool:
        """See `rules.may`."""
        return rules.may(self.person, act)

    def may_see_child_safety(self) -> bool:
        """See `rules.may_see_child_safety`."""
        return rules.may_see_child_safety(self.person)

    def may_decide(self, child_safety: bool) -> bool:
        """See `rules.may_decide`."""
        return rules.may_decide(self.person, child_safety)

    def may_second(self, child_safety: bool) -> bool:
        """See `rules.may_confirm`; that the two are different people is for the caller to compare."""
        return rules.may_confirm(self.person, child_safety)


class EntryLinks(models.Manager["EntryLink"]):
    """Links that open, and those that no longer do."""

    def open(self, digest: bytes, now: datetime) -> models.QuerySet["EntryLink"]:
        """The link with this digest, if it still opens at `now` for somebody who still works here."""
        return self.filter(digest=digest, used_at=None, expires_at__gt=now, staff__is_active=True)


class EntryLink(Row):
    """A sign-in link that opens once. The database holds the digest of its token only."""

    digest = models.BinaryField(max_length=32, unique=True)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="entry_links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[EntryLinks] = EntryLinks()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="an_entry_link_opens_for_a_while"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(used_at__lt=models.F("expires_at")),
                name="an_entry_link_is_used_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"link for {self.staff_id}, until {self.expires_at:%Y-%m-%d %H:%M}"


class Exposed(Row):
    """One look at a picture, in her ledger: for how long it stayed, and how many times a second of it counts."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="exposed")
    at = models.DateTimeField()
    seconds = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["staff", "at"], name="looks_by_person")]
