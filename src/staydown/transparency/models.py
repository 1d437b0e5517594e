"""What became of each statement of reasons at the EU Transparency Database."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from staydown.site.rows import Row, choices, states_constraint


class FilingState(StrEnum):
    TRYING = "trying"  # written before it is sent: where the answer is lost, the database is asked whether it has it
    STORED = "stored"
    REFUSED = "refused"  # by our own rules, or by the database: an operator looks at it


class Filing(Row):
    """One statement of reasons, sent to one environment of the database."""

    statement = models.ForeignKey("cases.Statement", models.PROTECT, related_name="filings")
    environment = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=choices(FilingState), default=FilingState.TRYING)
    tried_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            states_constraint("filing_state_is_declared", FilingState),
            models.UniqueConstraint(fields=["statement", "environment"], name="a_statement_is_filed_once_in_a_place"),
            models.CheckConstraint(
                name="what_is_stored_says_when",
                condition=Q(state=FilingState.STORED, stored_at__isnull=False)
                | ~Q(state=FilingState.STORED) & Q(stored_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.state}"


class Yearly(Row):
    """One published version of a year's report: kept, and kept public, for five years (Regulation 2024/2835, art. 3)."""

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    figures = models.JSONField()  # what anybody may see: `publishing.Figures`, small numbers left out
    tables = models.JSONField()  # each table's CSV, by its name

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="a_report_has_one_of_each_version")]

    def __str__(self) -> str:
        return f"{self.year}, version {self.version}"
