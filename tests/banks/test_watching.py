"""A fingerprint from a reporter's device is watched for: it holds one thing and calls a person (decision 18)."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from PIL import ImageOps

from staydown import fingerprints
from staydown.banks import media, tasks
from staydown.banks.actions import checking, watching
from staydown.banks.actions.asking import Asked
from staydown.banks.kept import WITH_FILM
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState
from staydown.cases import prints, story
from staydown.cases.actions import answering, banking, deciding, intake, later, refusals, seconding
from staydown.cases.models import Report
from staydown.cases.rules import Ruling
from staydown.fingerprints import footage, windows
from staydown.platforms.models import Check, Platform
from staydown.platforms.rules import Verdict
from staydown.promises.models import Promise
from staydown.regimes.harms import Flag, Harm, Tri
from tests import people
from tests.films import RATE, film, scene
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


def printed(name: str) -> prints.DevicePrint:
    """What a device makes of a photograph."""
    made = fingerprints.of_image(jpeg(photograph(name)))
    forms = tuple(form.hex() for form in made.turned)
    return prints.DevicePrint(forms, made.quality, made.sha256.hex(), made.windows.hex())


def sent(one: prints.Sent | None = None, minor: Tri = Tri.NO) -> Report:
    """A report of nothing but the fingerprint that a device made."""
    one = one or printed("coffee")
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
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.refresh_from_db()
    assert (entry.state, entry.banked_by.username) == (EntryState.HOLDING, "mina")
    assert Promise.objects.filter(task="staydown.banks.tasks.sweep").exists()
    assert people.checked(platform, small).verdict == Verdict.HOLD
    assert story.copies(report).stopped == 2


def test_of_what_a_childs_device_knew_nobody_lets_a_match_up_alone():
    report, platform = sent(minor=Tri.YES), people.plaza()
    entry, case = watched(report), report.case
    check = people.checked(platform, jpeg(resized(photograph("coffee"), 0.7), 70))
    assert (check.verdict, check.case) == (Verdict.HOLD, case)
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    for by in (mina, tomas):
        with pytest.raises(refusals.SecondPersonNeeded, match="Decide the case first"):
            answering.answer_upload(check, "allow", by, people.NOW)
        with pytest.raises(refusals.SecondPersonNeeded):
            banking.withdraw_entry(entry, by, people.NOW)
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert decision.needs_second
    seconding.second(decision, "We looked at it.", tomas, people.NOW)
    answering.answer_upload(check, "allow", tomas, people.NOW)
    check.refresh_from_db()
    assert check.resolution == "allow"


def cropped(name: str) -> bytes:
    """What is left of a photograph when a fifth of its width and an eighth of its height are cut off, smaller."""
    whole = photograph(name)
    return jpeg(resized(whole.crop((whole.width // 5, whole.height // 8, whole.width, whole.height)), 0.8), 75)


CUT = [(0.05, 0.0, 1.0, 1.0), (0.0, 0.1, 0.9, 1.0), (0.1, 0.1, 0.9, 0.9), (0.2, 0.0, 1.0, 0.85), (0.0, 0.0, 0.84, 0.84)]


@pytest.mark.parametrize("box", CUT)  # from 5 to 36 per cent of the picture's area
def test_a_crop_that_is_put_up_before_anything_else_is_held_and_is_kept_down_once_confirmed(box: tuple[float, ...]):
    report, platform, whole = sent(), people.plaza(), photograph("coffee")
    entry = watched(report)
    sides = [part * side for part, side in zip(box, (*whole.size, *whole.size), strict=True)]
    crop = jpeg(resized(whole.crop(tuple(map(round, sides))), 0.8), 75)  # type: ignore[arg-type]  # four of them
    check = people.checked(platform, crop)
    assert (check.verdict, check.case) == (Verdict.HOLD, report.case)
    assert people.checked(platform, crop).verdict == Verdict.ALLOW  # one at a time
    assert people.checked(platform, jpeg(photograph("rocket"))).verdict == Verdict.ALLOW
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    assert people.checked(platform, crop).verdict == Verdict.HOLD
    assert people.checked(platform, jpeg(whole, 60)).verdict == Verdict.HOLD
    assert people.checked(platform, jpeg(photograph("rocket"))).verdict == Verdict.ALLOW
    assert story.copies(report).stopped == 3


def looked_at(platform: Platform, data: bytes) -> Check:
    """The answer to an upload of media of any kind."""
    return checking.answer_check(platform, Asked.of(media.opened(data), "ana"), people.NOW)


def filmed(data: bytes) -> prints.DeviceFilm:
    return prints.DeviceFilm(footage.pack(fingerprints.of_film(data)).hex())


def test_a_cropped_passage_of_a_film_is_held_and_what_a_person_has_seen_of_the_film_is_kept_down():
    report, platform = sent(filmed(film(scene("coffee", 8)))), people.plaza()
    entry = watched(report)
    assert (entry.state, entry.fingerprint.layout) == (EntryState.PROPOSED, WITH_FILM)
    shown = [picture.crop((13, 7, 243, 137)) for picture in list(scene("coffee", 8))[RATE : 5 * RATE]]
    passage = film([*shown, *scene("cat", 2)], crf="32")
    check = looked_at(platform, passage)
    assert (check.verdict, check.case) == (Verdict.HOLD, report.case)
    assert looked_at(platform, passage).verdict == Verdict.ALLOW  # one at a time
    whole = footage.unpack(entry.fingerprint.kept().film).frames.time
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.fingerprint.refresh_from_db()
    times = footage.unpack(entry.fingerprint.kept().film).frames.time
    assert 0 < len(times) < len(whole)
    assert times.max() < 6.5 < whole.max()
    assert looked_at(platform, passage).verdict == Verdict.HOLD
    assert looked_at(platform, film(scene("rocket", 4))).verdict == Verdict.ALLOW
    assert story.copies(report).stopped == 2


def test_what_lies_unseen_between_the_ends_of_a_made_up_film_is_not_kept_down_by_confirming_it():
    ends, middle = list(scene("coffee", 3)), list(scene("rocket", 8))
    report, platform = sent(filmed(film([*ends, *middle, *ends]))), people.plaza()
    entry = watched(report)
    assert looked_at(platform, film(ends)).verdict == Verdict.HOLD
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.fingerprint.refresh_from_db()
    times = footage.unpack(entry.fingerprint.kept().film).frames.time
    assert not ((times > 4.1) & (times < 9.9)).any()
    assert looked_at(platform, film(middle[2 * RATE : 6 * RATE])).verdict == Verdict.ALLOW


def test_what_nobody_has_seen_of_a_fingerprint_is_not_kept_down_by_confirming_it():
    coffee, rocket = printed("coffee"), printed("rocket")
    mixed = replace(rocket, pdq=(*coffee.pdq[:4], *rocket.pdq[:4]))
    entry, platform = watched(sent(mixed)), people.plaza()
    assert people.checked(platform, jpeg(resized(photograph("coffee"), 0.7), 70)).verdict == Verdict.HOLD
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.fingerprint.refresh_from_db()
    assert (entry.fingerprint.exact, entry.fingerprint.kept().windows) == (None, b"")
    assert len(entry.fingerprint.kept().turned) == 4
    for others in (jpeg(photograph("rocket")), jpeg(resized(photograph("rocket"), 0.8)), cropped("rocket")):
        assert people.checked(platform, others).verdict == Verdict.ALLOW
    assert people.checked(platform, jpeg(resized(photograph("coffee"), 0.8))).verdict == Verdict.HOLD


def test_where_the_first_copy_was_mirrored_the_windows_that_were_found_in_it_are_kept_down_too():
    entry, platform = watched(sent()), people.plaza()
    people.checked(platform, jpeg(ImageOps.mirror(photograph("coffee"))))
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.fingerprint.refresh_from_db()
    kept = entry.fingerprint.kept()
    assert len(kept.turned) == 8
    assert windows.unpack(kept.windows).telling.any()


def test_a_fingerprint_that_has_stopped_nothing_cannot_be_confirmed():
    with pytest.raises(watching.NothingSeen):
        banking.confirm_print(watched(sent()), people.staff("mina"), people.NOW)


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
