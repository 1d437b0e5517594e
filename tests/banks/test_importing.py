"""A platform's back catalogue comes under protection, whatever interrupts it."""

import hashlib
from pathlib import Path

import pytest

from staydown import fingerprints
from staydown.banks import tasks as bank_tasks
from staydown.banks.actions import importing
from staydown.banks.listing import BadListing, Listing
from staydown.banks.models import CatalogueImport, Entry, Fingerprint
from staydown.cli import main
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import Action, ItemState
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.pictures import jpeg, photograph

HEAD = "item_id,pdq,quality,url,sha256,account_id,created\n"


def line(name: str, data: bytes, sha256: str = "") -> str:
    made = fingerprints.of_image(data)
    return f"{name},{made.pdq.hex()},{made.quality},http://plaza.example/{name},{sha256},zoe,2026-01-02T03:04:05Z\n"


def listing(folder: Path, *lines: str) -> Listing:
    path = folder / "items.csv"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return Listing.of(path)


@pytest.fixture
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "STEP", 2)


OTHER = jpeg(photograph("rocket"))
SAME = jpeg(photograph("coffee"))


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_steps")
def test_copies_among_what_was_published_before_are_hidden_and_the_same_bytes_removed(tmp_path: Path):
    platform = people.plaza()
    banked(platform)
    file = listing(
        tmp_path, line("a", OTHER), line("b", COPY), line("c", SAME, hashlib.sha256(SAME).hexdigest()), line("d", OTHER)
    )
    run = importing.begin(platform, file, people.NOW)
    assert list(importing.go_on(run, file)) == [2, 4]
    states = dict(Item.objects.filter(external_id__in="abcd").values_list("external_id", "state"))
    assert states == {"a": ItemState.UP, "b": ItemState.HELD, "c": ItemState.REMOVED, "d": ItemState.UP}
    run.refresh_from_db()
    assert (run.done, run.stopped, run.ended_at is not None) == (4, 2, True)
    item = Item.objects.get(external_id="a")
    assert item.account and item.account.external_id == "zoe"
    assert item.posted_at.year == 2026


@pytest.mark.django_db
def test_what_is_banked_later_finds_what_was_imported(tmp_path: Path):
    platform = people.plaza()
    file = listing(tmp_path, line("b", COPY))
    list(importing.go_on(importing.begin(platform, file, people.NOW), file))
    entry = banked(platform)
    bank_tasks.sweep(str(entry.pk))
    assert Item.objects.get(external_id="b").state == ItemState.HELD


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_steps")
def test_an_import_that_ends_in_the_middle_goes_on_from_there_and_does_nothing_twice(tmp_path: Path):
    platform = people.plaza()
    banked(platform)
    before = Order.objects.count()
    file = listing(tmp_path, *(line(str(number), COPY if number % 2 else OTHER) for number in range(7)))
    steps = importing.go_on(importing.begin(platform, file, people.NOW), file)
    assert next(steps) == 2
    steps.close()
    run = importing.begin(platform, file, people.NOW)
    assert list(importing.go_on(run, file)) == [4, 6, 7]
    assert list(importing.go_on(run, file)) == []
    assert CatalogueImport.objects.get().stopped == 3
    assert Order.objects.count() == before + 3
    assert Order.objects.filter(action=Action.HOLD, item__external_id__in=["1", "3", "5"]).count() == 3


@pytest.mark.django_db
def test_posts_that_are_registered_already_are_left_as_they_are(tmp_path: Path):
    platform = people.plaza()
    item = people.posted(platform, "a")
    file = listing(tmp_path, line("a", OTHER), line("b", OTHER), line("b", OTHER))
    list(importing.go_on(importing.begin(platform, file, people.NOW), file))
    assert Item.objects.count() == 2
    assert Item.objects.get(external_id="a").fingerprint_id == item.fingerprint_id


@pytest.mark.django_db
def test_what_only_the_platform_says_is_not_banked_as_our_own_finding(tmp_path: Path):
    platform = people.plaza()
    file = listing(tmp_path, line("c", SAME, "ab" * 32))
    list(importing.go_on(importing.begin(platform, file, people.NOW), file))
    assert Item.objects.get().fingerprint.exact is None  # so that banking it fetches its bytes
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id,hash\n",
        *(
            f"{HEAD}{post}\n"
            for post in (
                "a",
                "a,00,50",
                ",{pdq},50",
                "a,{pdq},101",
                "a,{pdq},x",
                "a,{pdq},50,,zz",
                "a,{pdq},50,,,,yesterday",
            )
        ),
    ],
)
def test_a_file_that_is_no_listing_is_refused_with_words(tmp_path: Path, text: str):
    path = tmp_path / "items.csv"
    path.write_text(text.replace("{pdq}", "ab" * 32), encoding="utf-8")
    with pytest.raises(BadListing, match="item_id, pdq and quality"):
        list(Listing.of(path).after(0))


@pytest.mark.django_db
def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.setattr("staydown.commands.catalogue.django", lambda *_: None)
    people.plaza()
    file = listing(tmp_path, line("a", OTHER))
    assert main(["catalogue", "import", str(file.path), "--platform", "plaza"]) == 0
    assert "1 posts of Plaza are protected; 0 were hidden" in capsys.readouterr().out
    assert main(["catalogue", "import", str(file.path), "--platform", "other"]) == 2
    assert "No platform has the slug other" in capsys.readouterr().err
    assert main(["catalogue", "import", str(tmp_path / "none.csv"), "--platform", "plaza"]) == 2
    assert Fingerprint.objects.count() == 1
