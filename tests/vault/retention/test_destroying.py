"""Destruction: by two people, or by the timer where policy says so; the key goes first, and the tree verifies after."""

import json
from pathlib import Path

import pyrage
import pytest
from django.conf import LazySettings
from django.db import connection

from staydown.cases import details
from staydown.cases.actions import intake
from staydown.cases.models import Addition, Answer, Case, Decision, Report, Subject
from staydown.cases.rules import CaseState
from staydown.cli import main
from staydown.console import reading
from staydown.console.forms import RulingForm
from staydown.journal import tasks as journal
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.retention import Kept
from staydown.vault import opening
from staydown.vault.evidence import actions as evidence
from staydown.vault.evidence import checking, releasing
from staydown.vault.evidence import tasks as sealing
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState, Kind
from staydown.vault.evidence.store import store
from staydown.vault.retention import actions, certificates, erasing, errors, plans, tasks, timer
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.rules import DestructionState
from tests import people
from tests.vault.evidence.conftest import Originals
from tests.vault.evidence.light import posted

from .conftest import ADDRESS, BYTES, WORDS, File

LATE = people.later(days=2000)


def destroyed(file: File, what: Kept) -> Destruction:
    row = actions.propose(file.case, what, "its time is over", file.lena, LATE)
    actions.agree(row, file.cleo, LATE)
    tasks.destroy(str(row.pk))
    row.refresh_from_db()
    assert row.state == DestructionState.DONE
    return row


@pytest.mark.django_db
def test_destroyed_media_opens_for_nobody_and_its_ciphertext_is_gone(file: File):
    stored = file.vault.stored()
    assert stored and BYTES[:30] not in stored
    row = destroyed(file, Kept.MEDIA)
    assert file.sealed_key is None
    assert file.vault.stored() == b""
    assert row.counts == {"keys": 1, "originals": 1, "packages": 0, "objects_deleted": 2, "objects_left": 0}
    assert {(each.state, each.reason) for each in Evidence.objects.all()} == {(EvidenceState.UNOBTAINABLE, "destroyed")}
    assert checking.check(store()).wrong == []
    with pytest.raises(releasing.NothingSealed):
        releasing.propose(file.case, "too late", file.lena, LATE)
    journal.sign_head()
    assert verify() == []
    with pytest.raises(errors.NothingThere):
        actions.propose(file.case, Kept.MEDIA, "again", file.lena, LATE)


@pytest.mark.django_db
def test_it_takes_two_different_seniors_and_a_reason(file: File):
    tomas = people.staff("tomas", "moderator")
    with pytest.raises(errors.NotSenior):
        actions.propose(file.case, Kept.MEDIA, "x", tomas, LATE)
    with pytest.raises(errors.NoReason):
        actions.propose(file.case, Kept.MEDIA, "  ", file.lena, LATE)
    row = actions.propose(file.case, Kept.MEDIA, "x", file.lena, LATE)
    with pytest.raises(errors.AnotherPerson):
        actions.agree(row, file.lena, LATE)
    with pytest.raises(errors.NotSenior):
        actions.agree(row, tomas, LATE)
    with pytest.raises(errors.UnderWay):
        actions.propose(file.case, Kept.MEDIA, "x", file.cleo, LATE)
    tasks.destroy(str(row.pk))  # nobody has agreed
    assert file.sealed_key
    actions.decline(row, file.cleo, LATE)
    with pytest.raises(errors.AlreadyAnswered):
        actions.agree(row, file.cleo, LATE)


@pytest.mark.django_db
def test_a_child_safety_case_takes_cleared_people(file: File):
    Case.objects.update(harm=Harm.CSAM, minor=Tri.YES)
    file.case.refresh_from_db()
    with pytest.raises(errors.NotSenior):
        actions.propose(file.case, Kept.MEDIA, "x", people.staff("otto", "lead", cleared=False), LATE)


@pytest.mark.django_db
def test_an_open_case_and_one_whose_evidence_is_leaving_stay_whole(file: File):
    release = releasing.propose(file.case, "Request 17/2026", file.lena, LATE)
    with pytest.raises(errors.ReleaseUnderWay):
        actions.propose(file.case, Kept.MEDIA, "x", file.lena, LATE)
    releasing.decline(release, file.cleo, LATE)
    row = actions.propose(file.case, Kept.MEDIA, "x", file.lena, LATE)
    Case.objects.update(state=CaseState.OPEN)
    with pytest.raises(errors.NotOver):
        actions.agree(row, file.cleo, LATE)


@pytest.mark.django_db
def test_a_law_that_wants_it_kept_is_stronger_than_two_people(file: File, monkeypatch: pytest.MonkeyPatch):
    line = next(line for line in plans.of_case(file.case) if line.what is Kept.MEDIA)
    until = plans.Line(line.case, line.what, type(line.schedule)(line.schedule.gone_by, None))
    monkeypatch.setattr(plans, "of_case", lambda _case: iter([until]))
    with pytest.raises(errors.MustBeKept, match="intimate_media"):
        actions.propose(file.case, Kept.MEDIA, "x", file.lena, people.NOW)
    assert actions.propose(file.case, Kept.MEDIA, "x", file.lena, LATE)


@pytest.mark.django_db
def test_a_destroyed_file_tells_nobodys_story_and_the_tree_verifies(file: File):
    intake.add_words(file.report, "He wrote again.", people.NOW)
    journal.sign_head()
    before = Entry.objects.filter(about__contains=str(file.report.pk)).count()
    assert before
    row = destroyed(file, Kept.FILE)
    assert not Addition.objects.exists() and not Evidence.objects.filter(kind=Kind.ADDITION).exists()
    report = Report.objects.get()
    assert (report.words_sealed, report.details_sealed, bytes(report.lookup) == bytes(file.report.lookup)) == (
        None, None, False,
    )  # fmt: skip
    assert not Subject.objects.exists() and not Answer.objects.exists()
    assert opening.read(Decision.objects.get().reasons_sealed) == ""
    assert opening.read(Destruction.objects.get().reason_sealed or b"") == ""
    assert file.sealed_key is None and file.vault.stored() == b""
    assert row.counts["journal_entries"] >= before
    assert not Entry.objects.filter(about__contains=str(file.report.pk)).exists()
    assert Entry.objects.filter(act="retention.destroyed").count() == 1
    journal.sign_head()
    assert verify() == []
    form = RulingForm(reading.items(file.case), [], frozenset())
    assert reading.whole(file.case, form, file.lena, people.NOW)["told"], "the console's page of it still opens"
    assert list(plans.of_case(Case.objects.get())) == []


@pytest.mark.django_db
def test_only_the_address_goes_where_only_the_address_is_due(file: File):
    row = destroyed(file, Kept.CONTACT)
    assert row.counts["contacts"] == 1
    report = Report.objects.get()
    assert details.unpack(opening.read(report.details_sealed or b"")) == {details.Detail.SINCE: "since May"}
    assert opening.read(report.words_sealed or b"") == WORDS
    assert file.sealed_key and ADDRESS.encode() not in bytes(report.details_sealed or b"")
    assert Kept.CONTACT not in {line.what for line in plans.of_case(file.case)}


@pytest.mark.django_db
def test_what_is_reported_again_after_a_destruction_is_sealed_to_a_new_key(file: File, originals: Originals):
    old = CaseKey.objects.get().public
    destroyed(file, Kept.MEDIA)
    originals.media["post-2"] = BYTES
    row = evidence.want(file.case, posted(Evidence.objects.get(kind=Kind.ITEM).item.platform, "post-2"), LATE)
    sealing.seal(str(row.pk))
    row.refresh_from_db()
    assert (row.state, CaseKey.objects.get().public == old, bool(file.sealed_key)) == (
        EvidenceState.SEALED,
        False,
        True,
    )
    inner = pyrage.decrypt(file.sealed_key or b"", [pyrage.x25519.Identity.from_str(file.vault.private["ada"])])
    private = pyrage.decrypt(inner, [pyrage.x25519.Identity.from_str(file.vault.private["cyd"])]).decode()
    parts = store().names(str(file.case.pk))
    original = next(store().get(name) for name in parts if name.endswith("000000"))
    assert pyrage.decrypt(original, [pyrage.x25519.Identity.from_str(private)]) == BYTES


@pytest.mark.django_db
def test_the_timer_destroys_only_by_the_rules_it_was_given(file: File, settings: LazySettings, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: LATE)
    settings.RETENTION_TIMER = frozenset()
    assert tasks.keep_schedule() == 0
    settings.RETENTION_TIMER = timer.read("intimate_media, reporter_contact")
    assert tasks.keep_schedule() == 2
    assert tasks.keep_schedule() == 0, "they are under way"
    for row in Destruction.objects.all():
        tasks.destroy(str(row.pk))
    assert {(row.what, row.state, row.by, row.rule) for row in Destruction.objects.all()} == {
        ("media", "done", None, "intimate_media"),
        ("contact", "done", None, "reporter_contact"),
    }
    assert Report.objects.get().words_sealed, "the file's own rule was not named"
    assert file.sealed_key is None
    for wrong in ("nonsense", "fingerprint_review", "us_csam_preserve"):
        with pytest.raises(timer.UnknownRule, match=wrong):
            timer.read(wrong)


@pytest.mark.django_db
def test_the_timer_leaves_what_is_not_due_and_what_is_held(file: File, settings: LazySettings, monkeypatch):
    settings.RETENTION_TIMER = timer.read("intimate_media")
    monkeypatch.setattr(tasks.timezone, "now", lambda: people.later(days=100))
    assert tasks.keep_schedule() == 0
    from staydown.vault.retention import holding
    from staydown.vault.retention.rules import HoldKind

    holding.hold(file.case, HoldKind.LEGAL, "x", file.lena, people.NOW)
    monkeypatch.setattr(tasks.timezone, "now", lambda: LATE)
    assert tasks.keep_schedule() == 0


@pytest.mark.django_db
def test_the_certificate_names_what_went_and_proves_its_entries(file: File):
    row = actions.propose(file.case, Kept.MEDIA, "its time is over", file.lena, LATE)
    with pytest.raises(certificates.NotDone):
        certificates.certificate(row)
    actions.agree(row, file.cleo, LATE)
    tasks.destroy(str(row.pk))
    row.refresh_from_db()
    journal.sign_head()
    said = certificates.certificate(row)
    assert said["rule"]["id"] == "intimate_media"
    assert (said["by"], said["second"]) == (file.lena.journal_name, file.cleo.journal_name)
    assert said["destroyed"]["originals"] == 1
    acts = [entry["act"] for entry in said["journal"]["entries"]]
    assert acts == ["retention.proposed", "retention.agreed", "retention.erased", "retention.destroyed"]
    script: dict[str, object] = {"__name__": "verifier"}
    source = Path(checking.__file__).parent / "data" / "verify.py"
    exec(source.read_text(), script)
    script["check_custody"](said["journal"], "")  # type: ignore[operator]  # raises where a proof does not fit
    said["journal"]["entries"][3]["facts"]["originals"] = 0
    with pytest.raises(script["Wrong"]):  # type: ignore[call-overload]
        script["check_custody"](said["journal"], "")  # type: ignore[operator]


@pytest.mark.django_db
def test_an_erasure_that_fails_midway_changes_nothing(file: File, monkeypatch: pytest.MonkeyPatch):
    row = actions.propose(file.case, Kept.FILE, "its time is over", file.lena, LATE)
    actions.agree(row, file.cleo, LATE)
    monkeypatch.setattr(erasing, "erase_entries", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        tasks.destroy(str(row.pk))
    row.refresh_from_db()
    assert (row.state, bool(file.sealed_key)) == (DestructionState.AGREED, True)
    assert opening.read(Report.objects.get().words_sealed or b"") == WORDS
    assert file.vault.stored()


@pytest.mark.django_db(transaction=True)
def test_the_key_half_is_in_no_file_of_the_database_afterwards(file: File):
    if connection.vendor != "sqlite":
        pytest.skip("what lies in PostgreSQL's files is PostgreSQL's; see docs/operate.md")
    half = file.sealed_key or b""
    assert len(half) > 300
    folder = Path(str(connection.settings_dict["NAME"])).parent
    inside = half[200:232]
    files = sorted(folder.glob("tests.sqlite3*"))
    assert any(inside in path.read_bytes() for path in files)
    destroyed(file, Kept.MEDIA)
    assert not any(inside in path.read_bytes() for path in files if path.exists())


@pytest.mark.django_db
def test_the_whole_way_on_the_command_line(file: File, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch):
    monkeypatch.setattr("staydown.commands.retention.django", lambda *_: None)

    def said(*words: str, code: int = 0) -> str:
        assert main(["retention", *words]) == code
        captured = capsys.readouterr()
        return captured.out + captured.err

    case = file.case.reference
    held = said("preserve", case, "--until", "2126-01-01", "--by", "cleo", "--reason", "Request 7 of the prosecutor")
    refused = said("destroy", case, "--what", "file", "--by", "lena", "--reason", "asked by the person", code=2)
    assert "keeps this case" in refused
    assert "runs until 2126-01-01" in said("list", case) and "Request 7 of the prosecutor" in said("list")
    assert "4 held" in said("plan", "--all") or "3 held" in said("plan", "--all")
    said("lift", held.split()[-1], "--by", "lena", "--reason", "taken back")
    proposed = said("destroy", case, "--what", "file", "--by", "lena", "--reason", "asked by the person")
    row = proposed.split("agree ")[1].split()[0]
    assert "different person" in said("agree", row, "--by", "lena", code=2)
    said("agree", row, "--by", "cleo")
    assert f"file of case {case}: done" in said("run")
    journal.sign_head()
    said("certificate", row, "--to", str(tmp_path / "certificate.json"))
    assert json.loads((tmp_path / "certificate.json").read_text())["reference"] == case
    assert "Nothing is called" in said("lift", "nonsense", "--by", "lena", "--reason", "x", code=2)
    assert verify() == []
