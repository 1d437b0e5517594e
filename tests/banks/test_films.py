"""A film that must stay down is found wherever a passage of it is uploaded, and holds it for a person."""

import io
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from staydown.banks import media, tasks
from staydown.banks.actions import keeping, meeting
from staydown.banks.kept import LAYOUT, WITH_FILM, Kept, UnknownLayout, pack, unpack
from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.banks.telling import as_json, of_json
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.console.templatetags.matches import how
from staydown.decoding.containers import Container
from staydown.fingerprints import Passage, Undecodable
from staydown.fingerprints.turns import MIRRORED
from staydown.platforms.actions.registering import Registration
from staydown.platforms.models import Check, Item, Platform
from staydown.platforms.rules import CheckState, ItemState
from tests import people
from tests.films import RATE, edited, film, mirrored, moving, scene
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


def some(name: str, start: int, end: int) -> list[Image.Image]:
    """Some seconds of a film of eight."""
    return list(itertools.islice(scene(name, 8), start * RATE, end * RATE))


KNOWN = film(scene("coffee", 8))
COPY = film(edited(scene("coffee", 8), lambda picture: mirrored(picture.resize((192, 108)))), crf="34")
COMPILATION = film([*some("cat", 0, 4), *some("coffee", 2, 6), *some("china", 0, 4)])
OTHER = film(scene("rocket", 6))
AS_GIF = moving([picture.resize((160, 90)) for picture in some("coffee", 1, 5)[::3]], "GIF")
BEHIND_ANOTHER = moving(
    [photograph("rocket").resize((160, 90)), *(picture.resize((160, 90)) for picture in some("coffee", 1, 5)[::3])],
    "GIF",
)


class Plaza:
    """Plaza's upload door."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.client = Client(headers={"Authorization": f"Bearer {people.key_of(platform)}"})

    def check(self, data: bytes, account: str = "ana") -> Check:
        sent = {"media": SimpleUploadedFile("a.mp4", data), "account_id": account}
        answer = self.client.post("/api/v1/uploads/check", sent)
        assert answer.status_code == 200, answer.content
        return Check.objects.get(pk=answer.json()["check_id"])

    def post(self, data: bytes, name: str = "first", account: str = "ana") -> Item:
        check = self.check(data, account)
        url = f"http://127.0.0.1:9/posts/{name}"
        return meeting.admit(
            self.platform, Registration(name, url, account, people.NOW, "everyone", check.pk), people.NOW
        )[0]


@pytest.fixture
def plaza() -> Plaza:
    return Plaza(people.plaza())


def banked(plaza: Plaza, data: bytes = KNOWN) -> Entry:
    """A film that somebody posted, reported and a person removed."""
    case = people.reported(plaza.post(data)).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Entry.objects.get()


@pytest.mark.parametrize(
    "data",
    [COPY, COMPILATION, AS_GIF, BEHIND_ANOTHER],
    ids=["mirrored", "compilation", "GIF", "behind another picture"],
)
@pytest.mark.parametrize("state", [EntryState.HOLDING, EntryState.BLOCKING])
def test_a_passage_of_a_banked_film_is_held_and_never_more(plaza: Plaza, data: bytes, state: EntryState) -> None:
    entry = banked(plaza)
    if state is EntryState.BLOCKING:
        keeping.raise_to_block(entry, people.staff("tomas", "lead"), people.NOW)
    check = plaza.check(data, "zoe")
    assert (check.verdict, check.reasons, check.state) == ("hold", ["known_material"], CheckState.PENDING)
    assert check.case == entry.case
    assert "of the known film" in how(Match.objects.get(check_row=check))


def test_the_very_same_file_is_blocked_and_another_film_passes(plaza: Plaza) -> None:
    banked(plaza)
    assert plaza.check(KNOWN).verdict == "block"
    assert plaza.check(OTHER).verdict == "allow"
    assert plaza.check(jpeg(photograph("china"))).verdict == "allow"


def test_a_film_is_no_longer_held_for_an_entry_that_was_frozen_or_withdrawn(plaza: Plaza) -> None:
    entry = banked(plaza)
    keeping.freeze(entry, "test", people.NOW)
    assert plaza.check(COPY).verdict == "allow"
    keeping.thaw(entry, people.staff("tomas", "lead"), people.NOW)
    assert plaza.check(COPY).verdict == "hold"
    keeping.withdraw(entry, people.staff("wim", "lead"), people.NOW)
    assert plaza.check(COPY).verdict == "allow"


def test_the_sweep_finds_the_film_in_what_was_posted_before(plaza: Plaza) -> None:
    plaza.post(COMPILATION, "compilation", "zoe")
    plaza.post(OTHER, "other", "carla")
    tasks.sweep(str(banked(plaza).pk))
    states = dict(Item.objects.values_list("external_id", "state"))
    assert states == {"first": ItemState.REMOVED, "compilation": ItemState.HELD, "other": ItemState.UP}
    assert Match.objects.get(item__external_id="compilation").found_by == "sweep"


def test_what_was_checked_before_the_film_was_banked_is_held_when_it_is_registered(plaza: Plaza) -> None:
    check = plaza.check(COMPILATION, "zoe")
    banked(plaza)
    said = Registration("late", "http://127.0.0.1:9/posts/late", "zoe", people.NOW, "everyone", check.pk)
    assert meeting.admit(plaza.platform, said, people.NOW)[0].state == ItemState.HELD


def test_a_film_that_a_check_met_is_met_again_when_it_is_registered(plaza: Plaza) -> None:
    banked(plaza)
    check = plaza.check(COPY, "zoe")
    met = Match.objects.get(check_row=check)
    evidence, passage = of_json(met.evidence)
    assert evidence is None
    assert passage is not None
    assert passage.turn == MIRRORED
    assert as_json(evidence, passage) == met.evidence


def test_a_film_cannot_be_allowed_by_its_looks(plaza: Plaza) -> None:
    assert plaza.check(KNOWN).fingerprint.quality == 0  # there is no picture to be like


@pytest.mark.parametrize("data", [KNOWN[:3000], AS_GIF[:200]], ids=["a film", "a moving picture"])
def test_a_film_that_cannot_be_read_is_held_for_a_person(plaza: Plaza, data: bytes) -> None:
    check = plaza.check(data)
    assert (check.verdict, check.reasons) == ("hold", ["unreadable"])


def test_only_what_moves_is_opened_as_a_film(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    monkeypatch.setattr("staydown.fingerprints.of_film", asked.append)
    for kind in ("PNG", "WEBP", "JPEG"):
        made = io.BytesIO()
        photograph("coffee").resize((64, 64)).save(made, kind)
        assert media.opened(made.getvalue()).film is None
    assert asked == []


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_says_so(kind: str) -> None:
    assert media.moves(moving(some("coffee", 0, 1), kind), Container[kind])


def test_a_gif_that_does_not_move_is_a_picture() -> None:
    made = io.BytesIO()
    photograph("coffee").resize((64, 64)).save(made, "GIF")
    found = media.opened(made.getvalue())
    assert found.picture is not None
    assert found.film is None


def test_a_moving_picture_of_which_only_the_first_can_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise Undecodable

    monkeypatch.setattr("staydown.fingerprints.of_film", refuse)
    with pytest.raises(Undecodable):
        media.opened(AS_GIF)


def test_a_film_is_kept_sealed_and_comes_back(plaza: Plaza) -> None:
    row = plaza.check(KNOWN).fingerprint
    seen = media.opened(KNOWN)
    assert row.layout == WITH_FILM
    assert row.kept() == Kept.of(seen)
    assert row.kept().film[200:400] not in bytes(row.kept_sealed)
    both = media.opened(AS_GIF)
    kept = Kept.of(both)
    assert kept.turned
    assert kept.film
    assert unpack(pack(kept), WITH_FILM) == kept
    with pytest.raises(UnknownLayout):
        unpack(pack(kept), LAYOUT)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            Passage(72.0, 74.8, 2.0, 4.8, 1.0, MIRRORED, True, True, 2.5, 8),
            ("0:02 to 0:05", "1:12 to 1:15", "mirrored", "bars"),
        ),
        (Passage(0.0, 4.0, 0.0, 5.0, 1.25, MIRRORED, False, False, 4.0, 0), ("1.25 times the speed", "openings")),
    ],
)
def test_a_reviewer_reads_how_a_passage_was_found(found: Passage, words: tuple[str, ...]) -> None:
    said = how(Match(exact=False, distance=256, evidence=as_json(None, found)))
    assert all(each in said for each in words)
