"""Periods of a law, added to a moment by the calendar and the clocks of a place.

What is owed counts by the earliest reading of the period, what must stay open or be kept by the latest, so that
neither a time zone nor a change of clocks ever makes us late. The law of each place may give more time: that is
for counsel, and never assumed here.
"""

from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from staydown.regimes.reading import Row


class Period(Row):
    """A length of time as a law says it. Minutes and hours pass; days, months and years are of the calendar."""

    minutes: int = Field(0, ge=0)
    hours: int = Field(0, ge=0)
    days: int = Field(0, ge=0)
    months: int = Field(0, ge=0)
    years: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if self.passing and self.calendar:
            raise ValueError("give minutes and hours, or days, months and years, not both")
        if not (self.passing or self.calendar):
            raise ValueError("a period must be longer than nothing")
        return self

    @property
    def passing(self) -> timedelta:
        return timedelta(hours=self.hours, minutes=self.minutes)

    @property
    def calendar(self) -> bool:
        return bool(self.days or self.months or self.years)

    def __str__(self) -> str:
        named = [(getattr(self, unit), unit) for unit in ("years", "months", "days", "hours", "minutes")]
        return " and ".join(f"{n} {unit if n > 1 else unit[:-1]}" for n, unit in named if n)


def utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises `ValueError` for one without a zone: nobody could say which moment it is."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone. Give every time with its zone, for example +00:00.")
    return moment.astimezone(UTC)


def at_latest(start: datetime, period: Period, zones: tuple[ZoneInfo, ...]) -> datetime:
    """By when something is owed (UTC): the same time of day, counted in the place where that comes first."""
    start = utc(start)
    if not period.calendar:
        return start + period.passing
    ends = (_later(start.astimezone(zone).replace(tzinfo=None), period) for zone in zones)
    return max(start, min(min(_moments(end, zone)) for end, zone in zip(ends, zones, strict=True)))


def at_least(start: datetime, period: Period, zones: tuple[ZoneInfo, ...]) -> datetime:
    """Until when something stays open or is kept (UTC): the end of the last day, in the place where that comes last."""
    start = utc(start)
    if not period.calendar:
        return start + period.passing
    return max(max(_moments(_day_after(start, period, zone), zone)) for zone in zones)


def _day_after(start: datetime, period: Period, zone: ZoneInfo) -> datetime:
    last = _later(start.astimezone(zone).replace(tzinfo=None), period)
    return datetime.combine(last.date() + timedelta(days=1), time())


def _later(local: datetime, period: Period) -> datetime:
    """The calendar's answer; where a month has no such day, its last one (31 August + 6 months = 28 February)."""
    months = local.month - 1 + period.months + 12 * period.years
    year, month = local.year + months // 12, months % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day) + timedelta(days=period.days)


def _moments(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A local time as moments: two where the clocks go back over it or forward past it, else twice the same."""
    return local.replace(tzinfo=zone).astimezone(UTC), local.replace(tzinfo=zone, fold=1).astimezone(UTC)
