"""Facts → what is owed, by when, and the article it comes from. The earliest wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from staydown.regimes import places
from staydown.regimes.duties import Act, Bound, Duty, Event, PauseReason, by_id, regimes_of
from staydown.regimes.harms import Capacity, Flag, Harm, Tri, child_safety, may_be_a_child
from staydown.regimes.periods import at_latest, at_least, utc
from staydown.regimes.places import Deployment

DECIDING = frozenset({Act.DECIDE, Act.REMOVE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a clock starts. What is not known never makes a duty disappear."""

    harm: Harm
    minor: Tri
    flags: frozenset[Flag]
    deployment: Deployment
    event: Event = Event.NOTICE
    capacity: Capacity | None = None  # None: nobody asked
    issuer: str = ""  # the authority whose order it is, as the data names it
    stated: datetime | None = None  # the time that the order itself sets


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a clock stood still. One that still lasts ends, for the caller, now."""

    reason: PauseReason
    since: datetime
    until: datetime
    told: bool = False  # the authority was told without undue delay


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (UTC) by which, or until which, something is owed, with the duty it comes from."""

    at: datetime
    duty: Duty
    pauses: tuple[Pause, ...] = ()  # those that moved it


@dataclass(frozen=True, slots=True)
class Owed:
    """Everything owed upon one event, the earliest first, and the countries whose law the data does not have."""

    deadlines: tuple[Deadline, ...]
    uncovered: tuple[str, ...]

    def first(self, acts: frozenset[Act] = frozenset(Act)) -> Deadline | None:
        """The earliest moment by which one of these acts is owed."""
        return next((one for one in self.deadlines if one.duty.owes in acts and _ends(one)), None)

    def last(self, act: Act) -> Deadline | None:
        """The latest moment until which this must go on: preserving, or accepting complaints."""
        return next((one for one in reversed(self.deadlines) if one.duty.owes is act and not _ends(one)), None)


def _ends(one: Deadline) -> bool:
    return one.duty.bound is Bound.AT_LATEST


def duties_of(facts: Facts, at: datetime) -> tuple[Duty, ...]:
    """Every duty that these facts start at this moment, also those for which there is no time."""
    return tuple(duty for duty in by_id().values() if _applies(duty, facts) and _in_force(duty, facts, at))


def owed(facts: Facts, at: datetime, pauses: Iterable[Pause] = ()) -> Owed:
    """What an event at `at` makes owed. Raises `ValueError` for a time without its zone."""
    found = (_deadline(duty, facts, at, tuple(pauses)) for duty in duties_of(facts, at))
    ordered = sorted((one for one in found if one), key=_urgency)
    return Owed(tuple(ordered), tuple(each for each in facts.deployment.countries if not regimes_of(each)))


def deadline(facts: Facts, at: datetime) -> Deadline:
    """By when a person must have decided upon what happened at `at`: a report, a held upload, an order to remove."""
    found = owed(facts, at).first(DECIDING)
    if found is None:
        raise ValueError(f"Nothing is decided upon the event {facts.event.value!r}; ask `owed` what it makes owed.")
    return found


def _urgency(one: Deadline) -> tuple[datetime, bool, bool, str]:
    """Earlier first; at the same moment a statute's number, then a law's words, then our own promise."""
    return one.at, one.duty.kind != "law", one.duty.is_own, one.duty.id


def _applies(duty: Duty, facts: Facts) -> bool:
    return (
        duty.on is facts.event
        and (not duty.roles or facts.deployment.role in duty.roles)
        and not (duty.spares_small and facts.deployment.small)
        and _reaches(duty, facts)
        and (not duty.harms or facts.harm in duty.harms)
        and (not duty.flag or duty.flag in facts.flags)
        and _child(duty, facts)
        and _from(duty, facts)
    )


def _reaches(duty: Duty, facts: Facts) -> bool:
    """An authority's order runs wherever the deployment is: whether it binds there is for counsel."""
    if duty.issuers:
        return facts.issuer in duty.issuers
    return not duty.countries or bool(_countries(duty, facts))


def _countries(duty: Duty, facts: Facts) -> tuple[str, ...]:
    return tuple(
        each for each in facts.deployment.countries if any(places.inside(each, area) for area in duty.countries)
    )


def _child(duty: Duty, facts: Facts) -> bool:
    if duty.child == "certain":
        return child_safety(facts.harm, facts.minor)
    return duty.child != "possible" or may_be_a_child(facts.harm, facts.minor)


def _from(duty: Duty, facts: Facts) -> bool:
    """Whoever did not say counts as the person shown: an earlier deadline harms nobody. Flaggers have always said."""
    said = Capacity.SELF if Flag.PERSON_SHOWN in facts.flags else facts.capacity
    return not duty.capacities or (said or Capacity.SELF) in duty.capacities


def _zones(duty: Duty, facts: Facts) -> tuple[ZoneInfo, ...]:
    return places.zones((*_countries(duty, facts), *duty.countries, facts.deployment.country)[0])


def _in_force(duty: Duty, facts: Facts, at: datetime) -> bool:
    """Whether the law is in force on that day, in any of the place's time zones."""
    days = [utc(at).astimezone(zone).date() for zone in _zones(duty, facts)]
    return (duty.since is None or max(days) >= duty.since) and (duty.until is None or min(days) <= duty.until)


def _deadline(duty: Duty, facts: Facts, at: datetime, pauses: tuple[Pause, ...]) -> Deadline | None:
    start = utc(at)
    if duty.stated and facts.stated:
        return _paused(Deadline(max(start, utc(facts.stated)), duty), start, pauses)
    if duty.period is None:
        return None
    end = at_latest if duty.bound is Bound.AT_LATEST else at_least
    return _paused(Deadline(end(start, duty.period, _zones(duty, facts)), duty), start, pauses)


def _paused(one: Deadline, start: datetime, pauses: tuple[Pause, ...]) -> Deadline:
    """The deadline moved by every pause its duty allows that began before it; overlapping ones count once."""
    at, counted, moved = one.at, start, []
    for pause in sorted((each for each in pauses if _allowed(one.duty, each)), key=lambda each: utc(each.since)):
        since, until = max(utc(pause.since), counted), utc(pause.until)
        if since < at and until > since:
            at, counted = at + (until - since), until
            moved.append(pause)
    return Deadline(at, one.duty, tuple(moved))


def _allowed(duty: Duty, pause: Pause) -> bool:
    rule = duty.pause_rule(pause.reason)
    return rule is not None and (pause.told or not rule.tell)
