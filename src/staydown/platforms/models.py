"""What is remembered of the services we protect."""

from datetime import datetime

from django.db import models

from staydown.platforms import rules
from staydown.site.rows import Moving, Row, choices, states_constraint


class Platform(Row):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    webhook_url = models.CharField(max_length=500, blank=True)  # empty: the platform polls
    webhook_secret_sealed = models.BinaryField(default=b"")  # opened by app and worker only
    evidence_url = models.CharField(max_length=500, blank=True)  # template with {kind} and {id} (decision 9)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ApiKey(Row):
    """A platform's bearer key. Only its digest is kept; the key itself is shown once."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="keys")
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Account(Moving, Row):
    machine = rules.ACCOUNT

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="accounts")
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=choices(rules.AccountState), default=rules.AccountState.ACTIVE)
    sequence = models.PositiveIntegerField(default=0)
    holder = models.BinaryField(max_length=32, null=True)  # keyed digest of the platform's word for who has the account
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_account_per_id"),
            states_constraint("account_state_is_declared", rules.AccountState),
        ]


class Check(Moving, Row):
    """One upload check: the verdict it got, and what a person said of it where it was held (decision 13)."""

    machine = rules.CHECK

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="checks")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="checks")
    fingerprint = models.ForeignKey("banks.Fingerprint", models.PROTECT, related_name="checks")
    surface = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=8, choices=choices(rules.Verdict))
    reasons = models.JSONField(default=list)
    labels = models.JSONField(default=list)
    signals = models.JSONField(default=dict)  # what was recognised, where something followed from it
    state = models.CharField(max_length=8, choices=choices(rules.CheckState), default=rules.CheckState.ANSWERED)
    resolution = models.CharField(max_length=8, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(null=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="checks")

    class Meta:
        constraints = [states_constraint("check_state_is_declared", rules.CheckState)]
        indexes = [  # of the few that somebody has to look at, among all that were ever asked
            models.Index(fields=["state", "case"], condition=models.Q(case__isnull=False), name="checks_of_cases")
        ]


class Item(Moving, Row):
    machine = rules.ITEM

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="items")
    external_id = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="items")
    check_row = models.ForeignKey(Check, models.PROTECT, null=True, related_name="items")
    fingerprint = models.ForeignKey("banks.Fingerprint", models.PROTECT, null=True, related_name="items")
    url = models.CharField(max_length=2000, db_index=True)
    audience = models.CharField(max_length=20, default="everyone")
    posted_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    views = models.PositiveBigIntegerField(default=0)
    labels = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=choices(rules.ItemState), default=rules.ItemState.UP)
    sequence = models.PositiveIntegerField(default=0)
    released_at = models.DateTimeField(null=True)  # put back after a hold: held again only on a new fact (decision 12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="one_item_per_id"),
            states_constraint("item_state_is_declared", rules.ItemState),
        ]


class Order(Moving, Row):
    """An instruction to a platform, delivered until it is confirmed."""

    machine = rules.ORDER

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="orders")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="orders")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="orders")
    check_row = models.ForeignKey(Check, models.PROTECT, null=True, related_name="orders")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="orders")
    action = models.CharField(max_length=20, choices=choices(rules.Action))
    sequence = models.PositiveIntegerField()
    policy = models.CharField(max_length=40)
    label = models.CharField(max_length=20, blank=True)
    resolution = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=choices(rules.OrderState), default=rules.OrderState.DUE)
    written_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            states_constraint("order_state_is_declared", rules.OrderState),
            models.CheckConstraint(
                name="order_is_about_one_thing",
                condition=(
                    models.Q(item__isnull=False, account__isnull=True, check_row__isnull=True)
                    | models.Q(item__isnull=True, account__isnull=False, check_row__isnull=True)
                    | models.Q(item__isnull=True, account__isnull=True, check_row__isnull=False)
                ),
            ),
            models.UniqueConstraint(fields=["item", "sequence"], name="one_order_per_item_and_number"),
            models.UniqueConstraint(fields=["account", "sequence"], name="one_order_per_account_and_number"),
        ]
        indexes = [models.Index(fields=["platform", "state", "written_at"], name="orders_to_deliver")]

    @property
    def statement_id(self) -> str | None:
        """Under which id the platform fetches the statement of reasons that goes with it; not every order has one."""
        found = getattr(self, "statement", None)
        return str(found.pk) if found else None


class Recalled(Row):
    """An answer that was given to a request with an idempotency key: the same request gets the same answer."""

    platform = models.ForeignKey(Platform, models.CASCADE)
    key = models.CharField(max_length=200)
    asked = models.BinaryField(max_length=32)  # keyed digest of the request: another with this key is refused
    answer_sealed = models.BinaryField()  # may hold a receipt: sealed to the working key
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "key"], name="one_answer_per_key")]
