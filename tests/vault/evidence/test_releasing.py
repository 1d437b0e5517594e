"""Ciphertext leaves only when two people of the staff said so; two custodians open it, elsewhere."""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from staydown.cli import main
from staydown.journal import acting, heads
from staydown.journal import tasks as journal
from staydown.journal.models import Entry as JournalEntry
from staydown.site import sealed_columns
from staydown.vault.evidence import agreement, case_keys, checking, custody, packages, packing, releasing
from staydown.vault.evidence.custody import NotSigned
from staydown.vault.evidence.models import CaseKey, Release
from staydown.vault.evidence.packing import Damaged, NotAgreed
from staydown.vault.evidence.releasing import AlreadyAnswered, AnotherPerson, NoReason, NothingSealed, NotYours
from staydown.vault.evidence.store import store
from staydown.vault.words import new_key_pair
from tests import people

from . import released
from .conftest import Originals, Vault
from .light import posted
from .released import PICTURE, REASON, agreed, identity_file, packed, sealed

pytestmark = pytest.mark.django_db


def opened(vault: Vault, package: Path, folder: Path, *who: str) -> int:
    words = [word for name in who for word in ("--identity", identity_file(vault, name, folder.parent / "keys"))]
    return main(["evidence", "open", str(package), *words, "--to", str(folder)])


@pytest.mark.parametrize("who", [("ada", "cyd"), ("dan", "bea")])
def test_two_custodians_open_what_was_released_and_it_is_the_original(
    vault: Vault, originals: Originals, tmp_path: Path, who, capsys: pytest.CaptureFixture[str]
):
    package = packed(originals, tmp_path / "package.tar")
    assert opened(vault, package, tmp_path / "opened", *who) == 0
    (picture,) = (tmp_path / "opened").glob("*.jpg")
    assert picture.read_bytes() == PICTURE
    said = capsys.readouterr().out
    assert REASON in said
    assert hashlib.sha256(PICTURE).hexdigest() in said
    assert heads.public_keys()[-1].hex() in said
    assert all(f"sealed to {name}" in said for name in (*vault.named.first, *vault.named.second))


def test_what_others_wrote_does_not_steer_the_custodians_terminal(
    vault: Vault,
    originals: Originals,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(released, "REASON", "\x1b[2J\x1b]0;nothing\x07 because")
    assert opened(vault, packed(originals, tmp_path / "package.tar"), tmp_path / "opened", "ada", "cyd") == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("answered", ["by nobody", "by the one who proposed it"])
def test_a_release_that_two_people_never_agreed_to_is_packed_by_a_forger_and_opened_by_nobody(
    vault: Vault, originals: Originals, tmp_path: Path, answered: str, capsys: pytest.CaptureFixture[str]
):
    row, tomas, cleo = sealed(originals), people.staff("tomas", "lead"), people.staff("cleo", "custodian")
    release = releasing.propose(row.case, REASON, tomas, people.NOW)
    Release.objects.filter(pk=release.pk).update(state="agreed", second_by=cleo)  # in the database, behind its back
    release.refresh_from_db()
    if answered != "by nobody":
        acting.action(acting.note)(agreement.AGREED, about=release, by=tomas.journal_name, now=people.NOW, case="")
    journal.sign_head()
    packing.write(release, tmp_path / "package.tar", store(), "test", people.NOW)
    assert opened(vault, tmp_path / "package.tar", tmp_path / "opened", "ada", "cyd") == 2
    assert "does not prove that two people released it" in capsys.readouterr().err
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("bent", ["actor", "root"])
def test_a_custody_log_that_was_bent_opens_nothing(vault: Vault, originals: Originals, tmp_path: Path, bent: str):
    with packages.reading(packed(originals, tmp_path / "package.tar")) as package:
        agreement.check(package)
        custody = package.said["custody"]
        entry = next(each for each in custody["entries"] if each["act"] == agreement.AGREED)
        if bent == "actor":
            entry["actor"] = "staff:another"
        else:
            custody["head"]["root"] = "00" * 32
        with pytest.raises(agreement.NotAgreed):
            agreement.check(package)


def test_a_cases_public_key_that_was_exchanged_seals_nothing_and_is_named(vault: Vault, originals: Originals):
    row = sealed(originals)
    assert sealed_columns.check().wrong == []
    CaseKey.objects.update(public=new_key_pair()[1])
    assert any("CaseKey" in wrong and "public" in wrong for wrong in sealed_columns.check().wrong)
    with pytest.raises(case_keys.KeyExchanged):
        case_keys.key_of(row.case, people.NOW)


@pytest.mark.parametrize("who", [("ada",), ("ada", "bea"), ("cyd", "dan"), ("ada", "ada")])
def test_one_person_or_one_group_opens_nothing(
    vault: Vault, originals: Originals, tmp_path: Path, who, capsys: pytest.CaptureFixture[str]
):
    package = packed(originals, tmp_path / "package.tar")
    assert opened(vault, package, tmp_path / "opened", *who) == 2
    assert "one custodian of each group" in capsys.readouterr().err
    assert not (tmp_path / "opened").exists()


def test_the_package_holds_ciphertext_only(vault: Vault, originals: Originals, tmp_path: Path):
    text = packed(originals, tmp_path / "package.tar").read_bytes()
    assert PICTURE[:64] not in text
    assert hashlib.sha256(PICTURE).hexdigest().encode() not in text
    assert REASON.encode() not in text


@pytest.mark.parametrize("member", ["evidence/{}.age", "evidence/{}.record.age", "case-key.age", "reason.age"])
def test_a_package_changed_on_the_way_is_refused_and_nothing_of_it_stays(
    vault: Vault, originals: Originals, tmp_path: Path, member: str
):
    package = packed(originals, tmp_path / "package.tar")
    with tarfile.open(package) as tar:
        name = next(name for name in tar.getnames() if name.startswith("evidence/") and "record" not in name)
        told = tar.getmember(member.format(name[9:-4]))
    data = bytearray(package.read_bytes())
    data[told.offset_data + told.size - 9] ^= 1
    package.write_bytes(data)
    assert opened(vault, package, tmp_path / "opened", "ada", "cyd") == 2
    assert not list(tmp_path.glob("opened/*.jpg"))


def test_one_person_alone_releases_nothing(vault: Vault, originals: Originals, tmp_path: Path):
    tomas = people.staff("tomas", "lead")
    release = releasing.propose(sealed(originals).case, REASON, tomas, people.NOW)
    with pytest.raises(AnotherPerson):
        releasing.agree(release, tomas, people.NOW)
    with pytest.raises(NotAgreed):
        packing.write(release, tmp_path / "package.tar", store(), "test", people.NOW)
    assert not (tmp_path / "package.tar").exists()


def test_a_release_is_answered_once(vault: Vault, originals: Originals, tmp_path: Path):
    release = releasing.propose(sealed(originals).case, REASON, people.staff("tomas", "lead"), people.NOW)
    releasing.decline(release, people.staff("cleo", "custodian"), people.NOW)
    with pytest.raises(AlreadyAnswered):
        releasing.agree(release, people.staff("mina"), people.NOW)
    with pytest.raises(NotAgreed):
        packing.write(release, tmp_path / "package.tar", store(), "test", people.NOW)


def test_who_is_not_cleared_or_only_runs_the_machine_releases_nothing(vault: Vault, originals: Originals):
    case = sealed(originals).case
    for person in (people.staff("ola", cleared=False), people.staff("oscar", "operator")):
        with pytest.raises(NotYours):
            releasing.propose(case, REASON, person, people.NOW)


def test_a_release_needs_a_reason_and_something_sealed(vault: Vault, originals: Originals):
    case, tomas = sealed(originals).case, people.staff("tomas", "lead")
    with pytest.raises(NoReason):
        releasing.propose(case, "  ", tomas, people.NOW)
    other = people.reported(
        posted(case.evidence.get(kind="item").item.platform, "post-2", account="bob"), seed="two"
    ).case
    if other != case:
        with pytest.raises(NothingSealed):
            releasing.propose(other, REASON, tomas, people.NOW)


def test_every_step_is_in_the_journal_with_who_did_it(vault: Vault, originals: Originals, tmp_path: Path):
    packed(originals, tmp_path / "package.tar")
    entries = JournalEntry.objects.filter(act__startswith="evidence.").order_by("index")
    assert [entry.act for entry in entries] == [
        "evidence.key_made", "evidence.sealed", "evidence.release_proposed", "evidence.release_agreed", "evidence.packed",
    ]  # fmt: skip
    assert all(entry.actor for entry in entries)


def test_without_a_signed_head_nothing_leaves(vault: Vault, originals: Originals, monkeypatch: pytest.MonkeyPatch):
    row = sealed(originals)
    monkeypatch.setattr(custody, "HEAD_SECONDS", 0.0)
    with pytest.raises(NotSigned):
        custody.log(row.case, 0.0)


def test_a_byte_changed_or_lost_in_the_store_is_named(vault: Vault, originals: Originals, tmp_path: Path):
    row = sealed(originals)
    assert checking.check(store()).wrong == []
    for name in ("000000", "record"):
        path = vault.folder / row.folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert any(row.folder in wrong for wrong in checking.check(store()).wrong)
        path.unlink()
        assert f"{row.folder}/{name} is missing" in checking.check(store()).wrong
        path.write_bytes(whole)
    (vault.folder / row.folder / "000000").write_bytes(b"not what was sealed")
    with pytest.raises(Damaged):
        packing.write(agreed(row), tmp_path / "package.tar", store(), "test", people.NOW)
    assert not (tmp_path / "package.tar").exists()


def test_a_row_changed_behind_the_journals_back_is_named(vault: Vault, originals: Originals):
    row = sealed(originals)
    type(row).objects.filter(pk=row.pk).update(sha256=b"x" * 32)
    assert any("journal" in wrong for wrong in checking.check(store()).wrong)


def test_the_custodians_half_needs_no_deployment():
    program = "import sys, staydown.vault.evidence.opening as o, staydown.vault.evidence.packages; "
    program += "assert not {'django', 'httpx'} & set(sys.modules), 'a deployment is needed'"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)


def test_the_operator_writes_out_what_two_people_released_and_speaks_for_nobody(
    vault: Vault, originals: Originals, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    row = sealed(originals)
    release = releasing.propose(row.case, REASON, people.staff("tomas", "lead"), people.NOW)

    def evidence(*words: str, code: int = 0) -> str:
        assert main(["evidence", *words]) == code
        return "".join(capsys.readouterr())

    target = ("--to", str(tmp_path / "package.tar"))
    assert "A second person" in evidence("pack", str(release.pk), *target, code=2)
    releasing.agree(release, people.staff("cleo", "custodian"), people.NOW)
    journal.sign_head()
    assert "1 originals" in evidence("pack", str(release.pk), *target)
    assert "1 sealed originals were read" in evidence("check")
    said = evidence("list", row.case.reference.lower())
    assert f"agreed, tomas, cleo: {REASON}" in said
    assert "item post-1: sealed" in said
    for verb in ("release", "agree"):
        with pytest.raises(SystemExit):
            main(["evidence", verb, str(release.pk)])
