"""Files sealed to several people: whole or refused, never half under their name."""

from pathlib import Path

import pytest

from staydown.vault import sealed_files
from staydown.vault.sealed_files import NoIdentity, NoRecipient, NotForYou, NotWhole, TooFewPeople
from staydown.vault.words import new_key_pair

CONTENT = b"what is in it " * 40_000
ANNA, BELA, CORA = new_key_pair(), new_key_pair(), new_key_pair()
PEOPLE = sealed_files.recipients_of([ANNA[1], BELA[1]])


def private(pair: tuple[str, str]) -> list:
    return sealed_files.identities_in(f"# created: today\n# public key: {pair[1]}\n{pair[0]}\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "sealed"
    with sealed_files.sealing(made, PEOPLE) as into:
        into.write(CONTENT)
    return made


def read(path: Path, pair: tuple[str, str] = ANNA) -> bytes:
    with sealed_files.opened(path, private(pair)) as content:
        return content.read()


def test_each_of_its_people_reads_it_and_nobody_else(path: Path):
    assert read(path, ANNA) == read(path, BELA) == CONTENT
    with pytest.raises(NotForYou):
        read(path, CORA)
    assert CONTENT[:14] not in path.read_bytes()


def test_whatever_is_altered_or_cut_off_is_refused(path: Path):
    whole = path.read_bytes()
    for at in (0, 30, 120, 400, 70_000, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((NotWhole, NotForYou)):  # of an altered header nobody can say for whom it was
            read(path)
    for end in (0, 10, 400, 65_900, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(NotWhole):
            read(path)
    path.write_bytes(whole + b"x")
    with pytest.raises(NotWhole):
        read(path)


def test_what_fails_on_the_way_leaves_no_file_and_takes_no_ones_place(tmp_path: Path):
    path = tmp_path / "sealed"
    with pytest.raises(ZeroDivisionError), sealed_files.sealing(path, PEOPLE) as into:
        into.write(CONTENT)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"somebody's")
    with pytest.raises(FileExistsError), sealed_files.sealing(path, PEOPLE) as into:
        into.write(CONTENT)
    assert path.read_bytes() == b"somebody's"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_said_as_such():
    with (
        pytest.raises(OSError, match="No space left"),
        Path("/dev/full").open("wb", 0) as full,
        sealed_files._encrypting(full, PEOPLE) as into,
    ):
        for _ in range(20):
            into.write(CONTENT)


def test_one_may_stop_reading_early(path: Path):
    with sealed_files.opened(path, private(ANNA)) as content:
        assert content.read(14) == CONTENT[:14]


def test_two_different_people_are_needed_and_keys_that_are_keys():
    with pytest.raises(TooFewPeople):
        sealed_files.recipients_of([ANNA[1], ANNA[1]])
    with pytest.raises(NoRecipient):
        sealed_files.recipients_of([ANNA[1], ANNA[0]])
    with pytest.raises(NoIdentity):
        sealed_files.identities_in(ANNA[1])
