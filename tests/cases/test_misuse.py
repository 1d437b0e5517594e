"""Misuse of reporting (EU law, art. 23): four criteria, a warning first, by a person; nobody silenced, no child slowed."""

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from staydown.cases import misuse, seeing
from staydown.cases.actions import cautioning, deciding, intake
from staydown.cases.actions.cautioning import NotCautioned, NotUnfounded, Weighed
from staydown.cases.models import Case, Caution, Report
from staydown.cases.rules import Degree, Record, Ruling
from staydown.people.models import Staff
from staydown.platforms.models import Platform
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db
TROLL = b"t" * 32
WEIGHED = Weighed(Degree.LOW, Degree.HIGH, "You reported four landscapes as intimate pictures.")


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def lead() -> Staff:
    return people.staff("tomas", "lead")


def sent(
    platform: Platform, number: int, ref: bytes | None = TROLL, harm: Harm = Harm.NCII, minor: Tri = Tri.NO, **at: float
) -> Report:
    """A report about an account of its own."""
    account, _ = platform.accounts.get_or_create(external_id=f"of-{number}", defaults={"seen_at": people.NOW})
    notice = intake.Notice(harm, minor, accounts=(account,), reporter_ref=ref)
    return intake.receive(notice, people.receipt(f"{ref!r}{number}"), people.later(**(at or {"minutes": number})))


def unfounded(report: Report, by: Staff) -> None:
    deciding.decide(report.case, people.proposal(report.case, Ruling.KEEP), by, report.received_at)
    report.refresh_from_db()
    cautioning.unfounded(report, by, report.received_at)


def test_who_goes_on_after_a_warning_is_looked_at_later_and_never_silenced(platform: Platform, lead: Staff) -> None:
    reports = [sent(platform, number) for number in range(3)]
    for report in reports[:2]:
        unfounded(report, lead)
    with pytest.raises(NotCautioned):
        cautioning.warn(reports[0], WEIGHED, lead, people.later(hours=1))
    unfounded(reports[2], lead)
    with pytest.raises(NotCautioned):  # a warning first
        cautioning.slow(reports[0], WEIGHED, lead, people.later(hours=1))
    cautioning.warn(reports[2], WEIGHED, lead, people.later(hours=1))
    assert people.receipt(f"{TROLL!r}2").read(reports[2].messages.get().words_sealed) == WEIGHED.reasons
    with pytest.raises(NotCautioned):  # the warning may help
        cautioning.slow(reports[2], WEIGHED, lead, people.later(hours=2))
    unfounded(sent(platform, 4, hours=3), lead)
    cautioning.slow(reports[2], WEIGHED, lead, people.later(hours=4))
    assert misuse.slowed(people.later(hours=4)) == [TROLL] and misuse.slowed(people.later(days=91)) == []
    row = Caution.objects.get(step="slowed")
    assert (row.number, row.of, row.gravity, row.intent) == (4, 4, "low", "high")
    his, hers = sent(platform, 5, hours=5), sent(platform, 6, b"h" * 32, hours=5)
    assert hers.case.due_at == his.case.due_at, "nobody's deadline moves"
    now = people.later(hours=6)
    first, second = seeing.urgent_first(seeing.hers(lead, people.NOW), now, 0, 9)
    assert (first, second) == (hers.case, his.case)
    joined = sent(platform, 5, b"x" * 32, hours=5)
    assert joined.case_id == his.case_id
    assert seeing.urgent_first(seeing.hers(lead, people.NOW), now, 0, 1) == [his.case], (
        "what another reports, too, is not behind"
    )
    cautioning.lift(row, lead, now)
    assert misuse.slowed(now) == []


def test_a_report_that_may_concern_a_child_is_neither_counted_nor_slowed(platform: Platform, lead: Staff) -> None:
    Caution.objects.create(
        reporter_ref=TROLL, step="slowed", number=3, of=3, gravity="low", intent="low", reasons_sealed=b"", by=lead,
        at=people.NOW, until=people.later(days=9),
    )  # fmt: skip
    his = sent(platform, 1, minor=Tri.UNKNOWN)
    hers = sent(platform, 2, b"h" * 32, minor=Tri.UNKNOWN)
    assert seeing.urgent_first(seeing.hers(lead, people.NOW), people.later(minutes=3), 0, 9) == [his.case, hers.case]
    deciding.decide(his.case, people.proposal(his.case, Ruling.KEEP), lead, people.NOW)
    his.refresh_from_db()
    with pytest.raises(NotUnfounded):
        cautioning.unfounded(his, lead, people.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=his.pk).update(unfounded_at=people.NOW, unfounded_by=lead)
    assert misuse.record(TROLL, people.later(hours=1)) == Record(0, 0, 0)
    other = sent(platform, 3)
    assert misuse.record(TROLL, people.later(hours=1)) == Record(0, 1, 0)
    Case.objects.filter(pk=other.case_id).update(harm=Harm.CSAM)  # another report of the same case says so
    assert misuse.record(TROLL, people.later(hours=1)) == Record(0, 0, 0)


def test_nobody_without_a_pseudonym_has_a_record_and_nothing_undecided_is_unfounded(
    platform: Platform, lead: Staff
) -> None:
    for report in (sent(platform, 1), sent(platform, 2, None)):
        if report.reporter_ref is None:
            deciding.decide(report.case, people.proposal(report.case, Ruling.KEEP), lead, people.NOW)
            report.refresh_from_db()
        with pytest.raises(NotUnfounded):
            cautioning.unfounded(report, lead, people.NOW)


def test_the_numbers_that_are_needed() -> None:
    assert not Record(2, 2, 1).may_be_warned
    assert Record(3, 6, 0).may_be_warned and not Record(3, 7, 0).may_be_warned
    assert Record(3, 6, 1).may_be_slowed and not Record(3, 6, 0).may_be_slowed


def test_a_lead_alone_cautions_on_the_page_of_the_record(
    settings: LazySettings, platform: Platform, lead: Staff
) -> None:
    mina, reports = people.staff("mina"), [sent(platform, number) for number in range(3)]
    item = people.posted(platform, "post-1", jpeg(photograph("rocket")), "of-9")
    assert item.account
    for report in reports:
        deciding.decide(report.case, people.proposal(report.case, Ruling.KEEP), mina, people.NOW)
    hers, his = people.console(settings, mina), people.console(settings, lead)
    for report in reports:
        page = hers.post(f"/cases/{report.case_id}/reports/{report.pk}/unfounded", follow=True).content.decode()
    path = f"/cases/{reports[0].case_id}/reports/{reports[0].pk}/reporter"
    assert "Look at it later" not in page and 'value="warn"' not in hers.get(path).content.decode()
    said = {"word": "warn", "gravity": "low", "intent": "high", "reasons": "Please stop."}
    assert "A lead warns first" in hers.post(path, said, follow=True).content.decode()
    assert his.post(path, said | {"gravity": "x"}).status_code == 404
    page = his.post(path, said, follow=True).content.decode()
    assert "Please stop." in page and "warned" in page
    row = Caution.objects.get()
    assert "taken back" in his.post(path, {"word": "lift", "caution": str(row.pk)}, follow=True).content.decode()
    assert Case.objects.filter(reports__unfounded_at__isnull=False).count() == 3
