"""What must stay down, where it came from, and what it met."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from staydown.banks import allowed, rules
from staydown.banks.digests import there
from staydown.banks.kept import LAYOUT, WITH_FILM, Kept, unpack
from staydown.banks.policy import DEFAULT, Policy
from staydown.site.rows import Moving, Row, choices, states_constraint
from staydown.vault import fingerprints as sealed


class Fingerprint(models.Model):
    """What was computed from one piece of media, sealed. `seq` is the matching index's id (decision 27)."""

    seq = models.BigAutoField(primary_key=True)
    exact = models.BinaryField(max_length=32, null=True, db_index=True)  # keyed digest of the SHA-256
    bare = models.BinaryField(max_length=32, null=True, db_index=True)  # the others: see `banks.digests`
    sha1 = models.BinaryField(max_length=32, null=True, db_index=True)
    md5 = models.BinaryField(max_length=32, null=True, db_index=True)
    kept_sealed = models.BinaryField()
    layout = models.PositiveSmallIntegerField(default=LAYOUT)  # of what is sealed: see `banks.kept`
    quality = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["seq"], condition=Q(layout=WITH_FILM), name="films"),
            models.Index(fields=["exact"], condition=Q(quality=0), name="without_quality"),  # the unreadable, too
        ]

    def kept(self) -> Kept:
        """What is kept of the picture, opened."""
        return unpack(sealed.unseal(self.kept_sealed), self.layout)

    @property
    def same(self) -> tuple[bytes, ...]:
        """The digests that make a file the same picture."""
        return there(self.exact, self.bare)

    @property
    def forgeable(self) -> tuple[bytes, ...]:
        """The digests that another file may have been made to share."""
        return there(self.sha1, self.md5)


class Entry(Moving, Row):
    """One fingerprint that must stay down, and who said so."""

    machine = rules.ENTRY

    fingerprint = models.ForeignKey(Fingerprint, models.PROTECT, related_name="entries")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="entries")
    state = models.CharField(max_length=10, choices=choices(rules.EntryState), default=rules.EntryState.PROPOSED)
    harm = models.CharField(max_length=30)
    banked_at = models.DateTimeField()
    banked_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")  # none: only watched for
    raised_at = models.DateTimeField(null=True)
    raised_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    blocks_from = models.DateTimeField(null=True)  # raised, but until then what resembles it is held only
    catalogue_seq = models.BigIntegerField()  # every item up to here existed when the entry was committed
    swept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("entry_state_is_declared", rules.EntryState),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(state=rules.EntryState.WITHDRAWN), name="banked_once"
            ),
            models.CheckConstraint(
                name="what_nobody_confirmed_is_only_watched_for",
                condition=Q(banked_by__isnull=False)
                | Q(state__in=[rules.EntryState.PROPOSED, rules.EntryState.FROZEN, rules.EntryState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="blocking_takes_two_people",
                condition=~Q(state=rules.EntryState.BLOCKING)
                | (Q(raised_by__isnull=False) & ~Q(raised_by=F("banked_by"))),
            ),
        ]
        indexes = [models.Index(fields=["state"], name="entries_by_state")]


def policy_of(entry: Entry) -> Policy:
    """What this deployment's settings say of matches with an entry."""
    return policy_for(entry.harm)


def policy_for(harm: str) -> Policy:
    """What this deployment's settings say of matches with the entries of a harm."""
    found: Policy = settings.POLICIES.get(harm, DEFAULT)
    return found


class BankChange(models.Model):
    """One change of what is matched. `generation` rises in the order of commits; every process's index follows it."""

    generation = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10, choices=choices(rules.EntryState))
    at = models.DateTimeField()


class Segment(models.Model):
    """A file that an index starts from (`banks.segments`), by its salt, and how far it goes."""

    salt = models.BinaryField(max_length=32, primary_key=True)
    name = models.CharField(max_length=20)
    generation = models.BigIntegerField()
    written_at = models.DateTimeField()


class CatalogueImport(Row):
    """A file of what a platform had published before, and how far it was imported."""

    platform = models.ForeignKey("platforms.Platform", models.PROTECT, related_name="imports")
    digest = models.BinaryField(max_length=32)  # SHA-256 of the file
    posts = models.PositiveBigIntegerField()
    done = models.PositiveBigIntegerField(default=0)
    stopped = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)  # after an interruption, and how many were done by then
    resumed_from = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "digest"], name="one_import_per_file")]


class SweepRun(Row):
    """One search of the catalogue for an entry: how many copies were found, and how many of these were met so far."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sweeps")
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    ordered = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Allowance(Moving, Row):
    """A picture that a person has said is not what must stay down: its file, or also what looks just like it."""

    machine = allowed.ALLOW

    fingerprint = models.ForeignKey(Fingerprint, models.PROTECT, related_name="allowances")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="allowances")
    platform = models.ForeignKey("platforms.Platform", models.PROTECT, null=True, related_name="+")  # none: all
    alike = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=choices(allowed.AllowState), default=allowed.AllowState.PROPOSED, db_index=True
    )
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    second_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    cleared = models.BooleanField(default=False)  # two people cleared for child safety agreed
    ended_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            states_constraint("allowance_state_is_declared", allowed.AllowState),
            models.CheckConstraint(
                name="who_agrees_to_an_allowance_is_another",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="a_likeness_is_allowed_by_two",
                condition=~Q(state=allowed.AllowState.ALLOWING) | Q(alike=False) | Q(second_by__isnull=False),
            ),
            models.CheckConstraint(name="cleared_are_two", condition=Q(cleared=False) | Q(second_by__isnull=False)),
        ]


class Match(Row):
    """An item or an upload that resembles an entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="matches")
    item = models.ForeignKey("platforms.Item", models.PROTECT, null=True, related_name="matches")
    check_row = models.ForeignKey("platforms.Check", models.PROTECT, null=True, related_name="matches")
    exact = models.BooleanField()
    forgeable = models.BooleanField(default=False)  # an MD5 or SHA-1 in common
    distance = models.PositiveSmallIntegerField()  # of whole pictures; 256 where only parts agree
    evidence = models.JSONField(null=True)  # what was verified, in numbers: see `banks.telling`
    found_by = models.CharField(max_length=12, choices=[(how, how) for how in ("check", "registration", "sweep")])
    found_at = models.DateTimeField()
    watched = models.BooleanField(default=False)  # stopped nothing: in shadow, or on trial
    waits = models.BooleanField(
        default=True
    )  # its item may be held: a hint for queues, made anew by `cases.tasks.hint`

    class Meta:
        indexes = [models.Index(fields=["waits", "entry"], name="matches_that_wait")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "item"], name="one_match_per_entry_and_item"),
            models.UniqueConstraint(fields=["entry", "check_row"], name="one_match_per_entry_and_check"),
            models.CheckConstraint(
                name="match_is_of_one_thing",
                condition=Q(item__isnull=False, check_row__isnull=True) | Q(item__isnull=True, check_row__isnull=False),
            ),
        ]
