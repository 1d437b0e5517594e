"""The catalogue's index starts from its file, follows the tables from there, and does without a file it cannot use."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from staydown.banks import catalogue, segments
from staydown.banks import tasks as bank_tasks
from staydown.banks.catalogue import CatalogueIndex
from staydown.banks.kept import Kept, pack
from staydown.banks.models import Fingerprint, Segment
from staydown.banks.seeing import Seen
from staydown.site.doctor_rows import pictures
from staydown.vault import fingerprints as sealed
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    monkeypatch.setattr(segments, "SMALL", 1)
    monkeypatch.setattr(catalogue, "BATCH", 3)
    settings.DATA = tmp_path


def forms(number: int) -> tuple[bytes, ...]:
    return (bytes([number, 255 - number]) * 16,)


def rows(*numbers: int) -> None:
    for number in numbers:
        kept = sealed.seal(pack(Kept(forms(number))))
        Fingerprint.objects.create(kept_sealed=kept, quality=100, made_at=people.NOW)


def last() -> int:
    return Fingerprint.objects.latest("seq").seq


def restarted(monkeypatch: pytest.MonkeyPatch) -> CatalogueIndex:
    """As a process that begins."""
    monkeypatch.setattr(bank_tasks, "catalogue", CatalogueIndex())
    return bank_tasks.catalogue


def found(index: CatalogueIndex, number: int) -> list[int]:
    return [last() - seq for seq in index.near(Seen(Kept(forms(number)), 100, None), last())]


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which rows are read from the table from now on, by how far each batch goes."""
    seen: list[int] = []
    real = catalogue.added_between

    def counted(seq: int, upto: int):
        for changes, generation in real(seq, upto):
            seen.append(len(changes.added))
            yield changes, generation

    monkeypatch.setattr(catalogue, "added_between", counted)
    return seen


def test_a_process_starts_from_the_file_and_reads_only_what_came_after(monkeypatch: pytest.MonkeyPatch):
    rows(1, 2, 3, 4, 5, 6, 7)
    restarted(monkeypatch)
    bank_tasks.keep_segments()
    rows(8)
    bank_tasks.keep_segments()
    rows(9)
    read = read_again(monkeypatch)
    index = restarted(monkeypatch)
    assert [found(index, number) for number in (1, 7, 8, 9, 10)] == [[8], [2], [1], [0], []]
    assert read == [1]


def test_a_long_log_becomes_part_of_a_new_file(monkeypatch: pytest.MonkeyPatch):
    rows(1, 2, 3)
    restarted(monkeypatch)
    monkeypatch.setattr(segments, "RECORDS", 2)
    salts = set()
    for number in range(4, 12):
        bank_tasks.keep_segments()
        salts.add(bytes(Segment.objects.get().salt))
        rows(number)
    assert 2 <= len(salts) < 8
    index = restarted(monkeypatch)
    assert [found(index, number) for number in (1, 8, 11)] == [[10], [3], [0]]


@pytest.mark.parametrize("harm", ["altered", "cut short", "another key", "of another history", "gone"])
def test_without_a_file_that_can_be_used_everything_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings, harm: str
):
    rows(1, 2, 3, 4)
    restarted(monkeypatch)
    bank_tasks.keep_segments()
    path = segments.sealed("catalogue").path
    if harm == "altered":
        kept = bytearray(path.read_bytes())
        kept[len(kept) // 2] ^= 1
        path.write_bytes(kept)
    elif harm == "cut short":
        path.write_bytes(path.read_bytes()[:-9])
    elif harm == "another key":
        monkeypatch.setattr(sealed, "segment_key", lambda: b"o" * 32)
    elif harm == "of another history":
        Segment.objects.update(generation=1)
    else:
        path.unlink()
    said = [finding.what for finding in pictures.indexes(people.NOW)]
    assert [str(path) in each for each in said] == ([] if harm == "gone" else [True])
    index = restarted(monkeypatch)
    assert [found(index, number) for number in (1, 4)] == [[3], [0]]
    assert path.with_suffix(".refused").exists() is (harm != "gone")
    bank_tasks.keep_segments()
    assert segments.look("catalogue") == ("" if harm == "gone" else "put aside")
    assert len(segments.start("catalogue", 31).index) == 4


def test_a_crash_between_the_file_and_the_database_costs_a_new_file_only(monkeypatch: pytest.MonkeyPatch):
    rows(1, 2, 3)
    restarted(monkeypatch)
    bank_tasks.keep_segments()
    written = Segment.objects.get()
    rows(4)
    bank_tasks.keep_segments()
    Segment.objects.update(generation=written.generation)  # the file was told, the database was not
    index = restarted(monkeypatch)
    assert [found(index, number) for number in (1, 4)] == [[3], [0]]
    bank_tasks.keep_segments()
    assert Segment.objects.get().salt != written.salt
    assert segments.look("catalogue") == ""


def test_who_comes_second_attaches_to_what_the_first_has_opened(monkeypatch: pytest.MonkeyPatch):
    rows(1, 2, 3)
    restarted(monkeypatch)
    bank_tasks.keep_segments()
    first, second = (segments.start("catalogue", 31) for _ in range(2))
    assert first.opened and not first.opened.attached
    assert second.opened and second.opened.attached
    assert len(second.index) == 3
