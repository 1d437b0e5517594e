"""A fingerprint from a reporter's device is watched for: it holds one thing and calls a person (decision 18)."""

import pytest
from django.db import IntegrityError, transaction

from staydown import fingerprints
from staydown.banks import tasks
from staydown.banks.actions import watching
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState
from staydown.cases import prints, story
from staydown.cases.actions import deciding, intake, later
from staydown.cases.models import Report
from staydown.platforms.rules import Verdict
from staydown.promises.models import Promise
from staydown.regimes.harms import Flag, Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


def sent(name: str = "coffee", minor: Tri = Tri.NO) -> Report:
    """A report of nothing but the fingerprint that a device made."""
    made = fingerprints.of_whole(jpeg(photograph(name)))
    one = prints.DevicePrint(tuple(form.hex() for form in made.turned), made.quality, made.sha256.hex())
    shown = frozenset({Flag.PERSON_SHOWN})
    notice = intake.Notice(harm=Harm.NCII, minor=minor, flags=shown, prints=(prints.as_text(one),))
    return intake.receive(notice, people.receipt(), people.NOW)


def watched(report: Report) -> Entry:
    tasks.watch_for_prints(str(report.pk))
    return Entry.objects.get()


def test_a_fingerprint_alone_is_a_report_and_is_watched_for_once():
    report = sent()
    assert Promise.objects.filter(task="staydown.banks.tasks.watch_for_prints").exists()
    assert b"pdq" not in bytes(report.prints.get().print_sealed)
    entry = watched(report)
    tasks.watch_for_prints(str(report.pk))
    assert (Entry.objects.count(), entry.state, entry.banked_by) == (1, EntryState.PROPOSED, None)
    assert not Promise.objects.filter(task="staydown.banks.tasks.sweep").exists()
    assert "print_watched" in [step.kind for step in story.steps(report, people.NOW)]
    assert story.copies(report) is None  # nothing is counted before a person has confirmed


def test_one_match_waits_for_a_person_and_a_second_passes_until_then():
    report, platform = sent(), people.plaza()
    entry = watched(report)
    small = jpeg(resized(photograph("coffee"), 0.7), 70)
    check = people.checked(platform, small)
    assert (check.verdict, check.case) == (Verdict.HOLD, report.case)
    assert people.checked(platform, small).verdict == Verdict.ALLOW
    deciding.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.refresh_from_db()
    assert (entry.state, entry.banked_by.username) == (EntryState.HOLDING, "mina")
    assert Promise.objects.filter(task="staydown.banks.tasks.sweep").exists()
    assert people.checked(platform, small).verdict == Verdict.HOLD
    assert story.copies(report).stopped == 2


def test_even_the_very_file_is_only_held_before_a_person_has_confirmed():
    watched(sent())
    assert people.checked(people.plaza(), jpeg(photograph("coffee"))).verdict == Verdict.HOLD


def test_what_nobody_confirmed_cannot_hold_more_than_that():
    entry = watched(sent())
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state=EntryState.HOLDING)


def test_a_report_taken_back_is_watched_for_no_longer():
    report = sent()
    entry = watched(report)
    later.withdraw(report, people.NOW)
    tasks.stop_watching(str(report.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.WITHDRAWN
    assert people.checked(people.plaza(), jpeg(photograph("coffee"))).verdict == Verdict.ALLOW


def test_a_picture_that_very_many_people_have_is_not_watched_for(monkeypatch: pytest.MonkeyPatch):
    report = sent()
    monkeypatch.setattr(watching.keeping.canaries, "meet", lambda *_: True)
    tasks.watch_for_prints(str(report.pk))
    assert not Entry.objects.exists()
    assert not Fingerprint.objects.exists()


def test_where_the_law_forbids_it_no_childs_picture_is_watched_for(settings):
    settings.ROLE, settings.COUNTRY = "support_ngo", "BE"
    tasks.watch_for_prints(str(sent(minor=Tri.YES).pk))
    assert not Entry.objects.exists()
