"""The journal's key is changed: the former one vouches for the new one, and a kill anywhere is mended by a second run."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings

from staydown.journal import exporting, sending, tasks
from staydown.journal.heads import SignedHead
from staydown.journal.models import Entry, Head, Tree
from staydown.journal.verify import KEY_CHANGED, verify
from staydown.site import home as homes
from staydown.site import journal_keys, key_files
from staydown.site.home import Home
from staydown.site.options.declaration import Program
from tests.journal.conftest import START, record
from tests.journal.test_exporting import verified

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As kill -9 would."""


@pytest.fixture
def house(tmp_path: Path, settings: LazySettings) -> Home:
    """A deployment's files, and settings that are theirs."""
    made = Home(tmp_path / "house")
    homes.create(made, "platform", "FR")
    load(made, settings)
    record(1)
    sending.checkpoint()
    return made


def load(house: Home, settings: LazySettings) -> None:
    """What the programs know once they are started again."""
    settings.JOURNAL_KEY = bytes.fromhex(key_files.value_of(house, key_files.JOURNAL, Program.WORKER))
    publics = key_files.value_of(house, key_files.JOURNAL_PUBLIC, Program.PORTAL)
    settings.JOURNAL_PUBLIC, *settings.FORMER_JOURNAL_PUBLICS = (bytes.fromhex(key) for key in publics.split(","))


def public_of(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def test_a_new_key_is_named_under_the_former_one_and_both_verify(house: Home, settings: LazySettings, tmp_path: Path):
    former = settings.JOURNAL_PUBLIC
    journal_keys.rotate(house)
    load(house, settings)
    assert public_of(settings.JOURNAL_KEY) == settings.JOURNAL_PUBLIC != former
    assert [former] == settings.FORMER_JOURNAL_PUBLICS
    assert not key_files.next_journal(house).exists()
    record(2)
    sending.checkpoint()
    assert verify() == []
    journal_keys.rotate(house)
    load(house, settings)
    record(3)
    sending.checkpoint()
    assert verify() == []
    exporting.export(tmp_path / "journal.zip", START)
    for key in (former, settings.JOURNAL_PUBLIC):
        code, said = verified(tmp_path / "journal.zip", "--key", key.hex())
        assert code == 0, said


def test_a_former_key_signs_nothing_after_the_new_one(house: Home, settings: LazySettings):
    former = settings.JOURNAL_KEY
    journal_keys.rotate(house)
    load(house, settings)
    record(2)
    tasks.sign_head()
    record(3)
    settings.JOURNAL_KEY = former  # a thief's, or a worker that was not started again
    tasks.sign_head()
    assert {finding.kind for finding in verify()} == {"not signed"}


def test_a_key_that_the_journal_does_not_name_is_found(house: Home, settings: LazySettings):
    settings.FORMER_JOURNAL_PUBLICS = [settings.JOURNAL_PUBLIC]
    settings.JOURNAL_KEY = bytes(range(32))
    settings.JOURNAL_PUBLIC = public_of(settings.JOURNAL_KEY)
    record(2)
    tasks.sign_head()
    assert {finding.kind for finding in verify()} == {"key unannounced"}


@pytest.mark.parametrize("writes", range(5))
def test_a_rotation_that_was_killed_goes_on(
    house: Home, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, writes: int
):
    """After each file that is written: the next key, then the public one of three programs, then the private one."""
    write, done = key_files._replace, []

    def until(path: Path, text: str) -> None:
        if len(done) == writes:
            raise Killed
        write(path, text)
        done.append(path)

    with monkeypatch.context() as patch:
        patch.setattr(key_files, "_replace", until)
        with pytest.raises(Killed):
            journal_keys.rotate(house)
    load(house, settings)  # everything is started again meanwhile
    record(2)
    tasks.sign_head()
    assert verify() == []
    journal_keys.rotate(house)
    load(house, settings)
    record(3)
    tasks.sign_head()
    assert verify() == []
    assert Entry.objects.filter(act=KEY_CHANGED).count() == 1
    assert public_of(settings.JOURNAL_KEY) == settings.JOURNAL_PUBLIC
    head: Any = Head.objects.get(size=Tree.objects.get().size)
    assert SignedHead.of(head).size == head.size
