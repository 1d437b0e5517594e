"""What is left of a banked picture after crops and captions is held, and never more than held."""

from functools import partial

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image, ImageDraw, ImageOps

from staydown import fingerprints
from staydown.banks import following, policy, rules, tasks
from staydown.banks.actions import asking, checking, keeping, meeting
from staydown.banks.following import BankIndex
from staydown.banks.kept import FORMS_ONLY, LAYOUT, WITH_FILM, Kept, UnknownLayout, pack, unpack
from staydown.banks.media import Media
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState, Hit
from staydown.banks.seeing import Seen
from staydown.banks.shelving import Windows
from staydown.banks.telling import as_json, of_json
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.fingerprints import RULES, descriptor
from staydown.fingerprints import Verdict as Likeness
from staydown.matching import approximate, graph
from staydown.platforms import evidence
from staydown.platforms.actions.registering import Registration
from staydown.platforms.rules import CheckState, ItemState, Verdict
from staydown.promises.models import Promise
from tests import people
from tests.pictures import jpeg, photograph


def cropped(picture: Image.Image, part: float = 0.03) -> Image.Image:
    width, height = picture.size
    return picture.crop((int(width * part), int(height * part), int(width * (1 - part)), int(height * (1 - part))))


def captioned(picture: Image.Image) -> Image.Image:
    told = picture.copy()
    draw = ImageDraw.Draw(told)
    width, height = told.size
    draw.rectangle((0, int(height * 0.78), width, height), fill="white")
    draw.text((20, int(height * 0.83)), "LOOK AT THIS", fill="black", font_size=height // 9)
    return told


CROP = jpeg(cropped(photograph("coffee")), 80)
CAPTIONED = jpeg(captioned(photograph("coffee")), 80)


def banked(platform, state: EntryState = EntryState.HOLDING) -> Entry:
    item = people.posted(platform, "first")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    entry = Entry.objects.get()
    if state is EntryState.BLOCKING:
        keeping.raise_to_block(entry, people.staff("tomas", "lead"), people.NOW)
    entry.refresh_from_db()
    return entry


def seen(media: bytes) -> Seen:
    return asking.Asked.of(Media(fingerprints.of_image(media))).seen


def registered(platform, check, item_id: str = "late"):
    said = Registration(item_id, f"http://plaza.example/{item_id}", "zoe", people.NOW, "everyone", check.pk)
    return meeting.admit(platform, said, people.NOW)[0]


def owed(task: str) -> list[list[str]]:
    return list(Promise.objects.filter(task=f"staydown.banks.tasks.{task}").values_list("args", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("media", [CROP, CAPTIONED], ids=["cropped", "captioned"])
@pytest.mark.parametrize("state", [EntryState.HOLDING, EntryState.BLOCKING])
def test_a_cropped_or_captioned_copy_is_held_at_upload_and_says_how_it_was_found(media: bytes, state: EntryState):
    platform = people.plaza()
    entry = banked(platform, state)
    check = people.checked(platform, media, "zoe")
    match = check.matches.get()
    assert (check.verdict, check.state, match.entry) == (Verdict.HOLD, CheckState.PENDING, entry)
    assert match.distance > policy.RADIUS
    assert match.evidence["agreeing"] >= 4
    told, passage = of_json(match.evidence)
    assert told is not None
    assert passage is None
    assert as_json(told) == match.evidence


@pytest.mark.django_db
def test_a_negative_is_looked_up_and_held_though_no_window_proposes_it(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza()
    entry = banked(platform)
    monkeypatch.setattr(Windows, "alike", lambda *_: [])
    monkeypatch.setattr(BankIndex, "_described", lambda *_: [])
    check = people.checked(platform, jpeg(ImageOps.invert(photograph("coffee"))), "zoe")
    match = check.matches.get()
    assert (check.verdict, match.entry, match.evidence["negative"]) == (Verdict.HOLD, entry, True)
    assert people.checked(platform, jpeg(ImageOps.invert(photograph("cat"))), "zoe").verdict == Verdict.ALLOW


@pytest.mark.django_db
@pytest.mark.parametrize("proposed", [0, 1], ids=["nothing", "everything"])
@pytest.mark.skipif(graph.library() is None or descriptor.trouble() is not None, reason="needs both extras")
def test_whatever_the_graph_of_descriptors_proposes_a_copy_is_held_with_the_same_evidence(
    monkeypatch: pytest.MonkeyPatch, proposed: int
):
    """Wholes and windows are sought apart from it, and what it proposes is only looked at."""
    asked = []

    def near(each: graph.Graph, levels: np.ndarray) -> tuple[list[np.ndarray], int]:
        asked.append(len(levels))
        return [np.arange(each.reach * proposed) for _ in levels], each.reach

    monkeypatch.setattr(graph.Graph, "near", near)
    monkeypatch.setattr(fingerprints, "of_image", partial(fingerprints.of_image, descriptors=True))
    platform = people.plaza()
    entry = banked(platform)
    exactly = people.checked(platform, CROP, "zoe")
    monkeypatch.setattr(approximate, "FROM", 1)
    monkeypatch.setattr(approximate, "TAIL", 1)
    following.bank._descriptors._tidy()
    following.bank._descriptors.settle()
    assert not asked
    check = people.checked(platform, CROP, "ana")
    assert asked
    assert (check.verdict, check.matches.get().entry) == (Verdict.HOLD, entry)
    assert check.matches.get().evidence == exactly.matches.get().evidence
    assert people.checked(platform, jpeg(photograph("cat"))).verdict == Verdict.ALLOW


@pytest.mark.django_db
def test_a_picture_that_only_shares_the_shelf_is_allowed():
    platform = people.plaza()
    banked(platform)
    for name in ("cat", "rocket", "china", "flower"):
        assert people.checked(platform, jpeg(photograph(name))).verdict == Verdict.ALLOW


@pytest.mark.django_db
def test_a_copy_that_was_held_at_upload_is_held_when_it_is_registered_all_the_same():
    platform = people.plaza()
    banked(platform)
    item = registered(platform, people.checked(platform, CROP, "zoe"))
    assert item.state == ItemState.HELD


@pytest.mark.django_db
@pytest.mark.parametrize("media", [CROP, CAPTIONED], ids=["cropped", "captioned"])
def test_a_crop_checked_before_the_banking_and_registered_after_it_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, media: bytes
):
    platform = people.plaza()
    check = people.checked(platform, media, "zoe")
    banked(platform)
    item = registered(platform, check)
    if item.state == ItemState.UP:
        assert [str(item.pk)] in owed("look_again")
    monkeypatch.setattr(evidence, "fetch", lambda *_: media)
    tasks.look_again(str(item.pk))
    item.refresh_from_db()
    assert item.state == ItemState.HELD


@pytest.mark.django_db
@pytest.mark.parametrize("media", [CROP, CAPTIONED], ids=["cropped", "captioned"])
def test_a_sweep_finds_the_crops_that_are_already_there(monkeypatch: pytest.MonkeyPatch, media: bytes):
    platform = people.plaza()
    item = people.posted(platform, "copy", media, account="bob")
    others = [people.posted(platform, name, jpeg(photograph(name))) for name in ("cat", "rocket")]
    entry = banked(platform)
    tasks.sweep(str(entry.pk))
    asked = owed("look_again")
    monkeypatch.setattr(evidence, "fetch", lambda *_: media)
    for (item_id,) in asked:
        tasks.look_again(item_id)
    item.refresh_from_db()
    assert item.state == ItemState.HELD
    assert item.matches.get().found_by == "sweep"
    for other in others:
        assert [str(other.pk)] not in asked


@pytest.mark.django_db
def test_what_is_frozen_or_withdrawn_verifies_nothing_from_the_next_lookup_on_in_every_process():
    platform = people.plaza()
    other = BankIndex()  # as another process has it
    entry, tomas, crop = banked(platform), people.staff("tomas", "lead"), seen(CROP)
    assert [each.entry_id for each in other.find(crop)] == [entry.pk]
    before = other.look(crop)
    keeping.freeze(entry, "stay-down", people.NOW)
    for index in (following.bank, other):
        assert not [each for each in index.find(crop, before) if rules.counts(each.hit)]
    keeping.thaw(entry, tomas, people.NOW)
    assert all(rules.counts(index.find(crop)[0].hit) for index in (following.bank, other))
    keeping.withdraw(entry, tomas, people.NOW)
    assert following.bank.find(crop) == other.find(crop, before) == []


@pytest.mark.django_db
def test_an_entry_whose_windows_hide_too_much_stops_itself(settings: LazySettings):
    platform = people.plaza()
    entry = banked(platform)
    people.checked(platform, CROP, "zoe")
    assert owed("brake") == [[str(entry.pk)]]
    with people.clock():
        tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.HOLDING
    settings.BLAST_RADIUS = policy.BlastRadius(items=1)
    people.checked(platform, CAPTIONED, "bob")
    with people.clock():
        tasks.brake(str(entry.pk))
    entry.refresh_from_db()
    assert entry.state == EntryState.FROZEN
    assert people.checked(platform, CROP, "ada").verdict == Verdict.ALLOW


@pytest.mark.django_db
def test_whoever_puts_a_crop_back_answers_to_the_case_that_banked_the_picture():
    platform = people.plaza()
    entry = banked(platform)
    check = people.checked(platform, CROP, "zoe")
    assert list(meeting.cases_of_like(check.fingerprint)) == [entry.case]


@pytest.mark.django_db
@pytest.mark.skipif(descriptor.trouble() is not None, reason="the extra copydetect is not installed")
def test_a_descriptor_proposes_what_windows_do_not_and_ends_with_its_entry(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza()
    made = fingerprints.of_image(jpeg(photograph("coffee")), descriptors=True)
    check = checking.answer_check(platform, asking.Asked.of(Media(made), "ana", "post"), people.NOW)
    assert check.fingerprint.kept().descriptors == (made.descriptor,)
    case = people.reported(registered(platform, check, "first")).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    deep = fingerprints.of_image(jpeg(cropped(photograph("coffee"), 0.2)), descriptors=True)
    monkeypatch.setattr(Windows, "alike", lambda *_: [])
    seen = asking.Asked.of(Media(deep)).seen
    told = following.bank.look(seen).evidence
    assert list(told) == [check.fingerprint.seq]
    assert told[check.fingerprint.seq].similarity > 0.5  # type: ignore[operator]  # a second witness, not None
    keeping.withdraw(Entry.objects.get(), people.staff("tomas", "lead"), people.NOW)
    assert following.bank.look(seen).evidence == {}


# What is kept.


def test_what_is_kept_comes_back_as_it_was():
    made = fingerprints.of_image(jpeg(photograph("coffee")))
    kept = Kept.of_picture(made)
    assert unpack(pack(kept), LAYOUT) == kept
    full = Kept(kept.turned, kept.regions, kept.windows, (b"a" * 576, b"b" * 576))
    assert unpack(pack(full), LAYOUT) == full
    claimed = Kept(kept.turned[:1])
    assert unpack(pack(claimed), LAYOUT) == claimed
    with pytest.raises(UnknownLayout):
        unpack(pack(kept), WITH_FILM)


@pytest.mark.django_db
def test_rows_of_the_first_layout_are_still_read():
    from staydown.vault import fingerprints as sealed

    made = fingerprints.of_image(jpeg(photograph("coffee")))
    forms = made.turned + made.regions
    row = Fingerprint.objects.create(
        kept_sealed=sealed.seal(b"".join(forms)), layout=FORMS_ONLY, quality=100, made_at=people.NOW
    )
    assert row.kept().upright[0] == made.pdq
    assert set(row.kept().forms) == set(forms)
    assert row.kept().windows == b""


# What a verified match may do.


def of_strength(verdict: Likeness) -> fingerprints.Evidence:
    """The least evidence that a verdict takes."""
    rule = next(rule for rule in RULES if rule.verdict is verdict)
    made = fingerprints.of_image(jpeg(photograph("cat")))
    told = fingerprints.verify(made, made.windows)
    from dataclasses import replace

    return replace(
        told,
        score=rule.score,
        agreeing=rule.agreeing,
        nearest=rule.nearest,
        visible=20,
        likeness=rule.likeness,
        whole=rule.whole,
    )


@pytest.mark.parametrize(
    ("state", "does"),
    [
        (EntryState.PROPOSED, Verdict.HOLD),
        (EntryState.HOLDING, Verdict.HOLD),
        (EntryState.BLOCKING, Verdict.HOLD),
        (EntryState.FROZEN, Verdict.ALLOW),
        (EntryState.WITHDRAWN, Verdict.ALLOW),
    ],
)
def test_a_verified_match_holds_at_most_also_by_what_only_a_device_has_seen(state: EntryState, does: Verdict):
    for likeness in (Likeness.CERTAIN, Likeness.LIKELY):
        assert rules.strength(Hit(state, False, following.NOWHERE, 100, of_strength(likeness))) is does
    assert rules.strength(Hit(state, False, following.NOWHERE, 100, fingerprints.NOTHING)) is Verdict.ALLOW


def test_what_is_only_possible_holds_nothing_unless_its_rule_was_never_wrong():
    possible = [rule for rule in RULES if rule.verdict is Likeness.POSSIBLE]
    told = of_strength(Likeness.POSSIBLE)
    assert rules.holds(told) is any(not rule.wrong for rule in possible if fingerprints.satisfied(told, rule))
