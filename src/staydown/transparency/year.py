"""A calendar year of the deployment, and the rows that its yearly report counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Min

from staydown.authority_orders.models import AuthorityOrder
from staydown.cases.models import Complaint, Report, Statement
from staydown.regimes import places
from staydown.transparency import ordered


@dataclass(frozen=True)
class Year:
    """A calendar year of the deployment's country, and the name of the service that the report is about."""

    year: int
    service: str

    @property
    def span(self) -> tuple[datetime, datetime]:
        zone = places.zones(settings.COUNTRY)[0]
        return datetime(self.year, 1, 1, tzinfo=zone), datetime(self.year + 1, 1, 1, tzinfo=zone)

    @property
    def head(self) -> tuple[str, str]:
        return self.service, f"{self.year}-01-01/{self.year}-12-31"

    @cached_property
    def notices(self) -> list[Report]:
        """The reports received, with how many things each names, and when it was first answered; orders are none."""
        found = Report.objects.filter(received_at__range=self._range, authority_order=None)
        rows = found.annotate(answered=Min("answers__at"))
        return list(rows.prefetch_related("subjects"))

    @cached_property
    def orders(self) -> list[AuthorityOrder]:
        return ordered.received(*self.span)

    @cached_property
    def statements(self) -> list[Statement]:
        return list(Statement.objects.filter(at__range=self._range))

    @cached_property
    def complaints(self) -> list[Complaint]:
        rows = Complaint.objects.filter(at__range=self._range).select_related("report", "decision", "settled_by")
        return list(rows.prefetch_related("decision__statements"))

    @property
    def _range(self) -> tuple[datetime, datetime]:
        start, end = self.span
        return start, end - timedelta(microseconds=1)
