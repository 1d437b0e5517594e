"""The files of a report to NCMEC go from the custodians' own machine, once, and the report is filed after them."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from staydown.authorities import actions, files, tasks
from staydown.authorities.cybertip import adding
from staydown.authorities.cybertip.adding import BadErrand, Progress
from staydown.authorities.errors import NoFiles, NotWaiting, NotYours, WentOn
from staydown.authorities.models import Referral
from staydown.authorities.rules import Environment, ReferralState
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.cli import main
from staydown.journal import tasks as journal
from staydown.journal.models import Entry
from staydown.platforms.models import Item
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import packing, releasing, returning, store
from staydown.vault.evidence import tasks as sealing
from staydown.vault.evidence.models import Evidence
from tests import people
from tests.authorities.cybertip_server import LOGIN, Tipline, tipline
from tests.authorities.light import WORDS, connected, prepared
from tests.vault.evidence.conftest import Originals, Vault
from tests.vault.evidence.light import posted
from tests.vault.evidence.released import PICTURE, REASON, identity_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.COUNTRY = "US"
    with tipline() as memory:
        settings.CYBERTIP = connected(memory)
        yield memory


@pytest.fixture
def waiting(server: Tipline, vault: Vault, originals: Originals) -> Referral:
    """A report that is opened at NCMEC, approved by two, and waits for its one file."""
    originals.media["post-1"] = PICTURE
    case = people.reported(posted(originals.platform(), "post-1"), harm=Harm.CSAM, minor=Tri.YES).case
    sealing.seal(str(Evidence.objects.get(kind="item").pk))
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    referral, ida = prepared("us_ncmec"), people.staff("ida")
    files.ask(referral, ida, people.NOW)
    actions.approve(referral, WORDS, ida, people.NOW)
    tasks.open_tip(str(referral.pk))
    actions.file(referral, people.staff("jo"), people.NOW)
    tasks.finish_tip(str(referral.pk))
    referral.refresh_from_db()
    return referral


@pytest.fixture
def package(waiting: Referral, tmp_path: Path) -> Path:
    release = releasing.propose(waiting.case, REASON, people.staff("tomas", "lead"), people.NOW)
    releasing.agree(release, people.staff("cleo", "custodian"), people.NOW)
    journal.sign_head()
    packing.write(release, tmp_path / "case.tar", store.store(), "test", people.NOW)
    (tmp_path / "login").write_text(LOGIN + "\n")
    assert main(["evidence", "tip", waiting.number, "--to", str(tmp_path / "tip.json")]) == 0
    return tmp_path / "case.tar"


def custodians(
    vault: Vault, package: Path, server: Tipline, *, at: str = "", who: tuple[str, ...] = ("ada", "cyd")
) -> int:
    room = package.parent
    keys = [word for name in who for word in ("--identity", identity_file(vault, name, room / "keys"))]
    where = ["--at", at or f"production {server.url}", "--login", str(room / "login"), "--allow", "http://127.0.0.0/8"]
    return main(["evidence", "cybertip", str(package), "--tip", str(room / "tip.json"), *keys, *where])


def brought_back(package: Path) -> None:
    for path in sorted(package.parent.glob("tip.json.*.json")):
        assert main(["evidence", "record", str(path)]) == 0


def filed(waiting: Referral, server: Tipline) -> etree._Element:
    """The details of the one file of the one report that is finished."""
    tasks.finish_tip(str(waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == ReferralState.ACKNOWLEDGED
    (tip,) = server.of("finished")
    ((number, details),) = tip.details.items()  # of what may be there twice, only what is said of is told of
    assert tip.files[number] == PICTURE
    return etree.fromstring(details)


def test_custodians_add_the_file_and_only_then_it_is_filed(vault, package: Path, waiting: Referral, server, capsys):
    assert (waiting.state, waiting.second_by is not None) == (ReferralState.OPENED, True)
    assert custodians(vault, package, server) == 0
    tasks.finish_tip(str(waiting.pk))
    assert server.of("finished") == []
    brought_back(package)
    assert "has all of its files" in capsys.readouterr().out
    assert Promise.objects.filter(task=actions.FINISH_TIP).exists()
    details = filed(waiting, server)
    digests = {each.get("hashType"): each.text for each in details.iter("originalFileHash")}
    assert digests["MD5"] == hashlib.md5(PICTURE).hexdigest()
    assert digests["SHA256"] == hashlib.sha256(PICTURE).hexdigest()
    assert (details.findtext("fileViewedByEsp"), details.findtext("publiclyAvailable")) == ("false", "true")
    assert details.find("additionalInfo") is None
    acts = Entry.objects.filter(about=f"authorities.referral:{waiting.pk}").values_list("act", flat=True)
    assert {"referral.files_wanted", "referral.files_added", "referral.sent"} <= set(acts)


def test_what_goes_to_the_custodians_and_back_holds_nothing_secret(vault, package: Path, waiting, server):
    custodians(vault, package, server)
    for path in package.parent.glob("*.json"):
        said = path.read_bytes()
        assert LOGIN.encode() not in said and b"AGE-SECRET" not in said
        assert hashlib.sha256(PICTURE).hexdigest().encode() not in said


@pytest.mark.parametrize(
    ("faults", "copies", "said"),
    [
        (["drop after"], 2, True),
        (["502"], 1, True),
        (["damage"], 2, True),
        (["401"], 1, False),
        (["", "drop after"], 1, False),
        (["", "429"], 1, False),
    ],
)
def test_whatever_breaks_on_the_way_the_same_command_goes_on(
    vault, package: Path, waiting, server, faults: list[str], copies: int, said: bool
):
    server.faults = faults
    assert custodians(vault, package, server) == 2
    assert custodians(vault, package, server) == 0
    brought_back(package)
    details = filed(waiting, server)
    assert (details.findtext("additionalInfo") == adding.TWICE) is said  # nobody knows whether a lost answer was a yes
    assert len(server.of("finished")[0].files) == copies


@pytest.mark.parametrize("step", range(3))
def test_killed_after_any_step_it_goes_on(vault, package: Path, waiting, server, step: int, monkeypatch):
    written, write = [], Progress._write

    def dying(progress: Progress) -> None:
        write(progress)
        written.append(1)
        if len(written) == step + 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "_write", dying)
    assert custodians(vault, package, server) == 130
    monkeypatch.undo()
    assert custodians(vault, package, server) == 0
    brought_back(package)
    filed(waiting, server)


def test_killed_between_a_record_and_what_follows_the_same_command_goes_on(
    vault, package: Path, waiting, server, capsys
):
    assert custodians(vault, package, server) == 0
    for path in sorted(package.parent.glob("tip.json.*.json")):
        returning.record(path.read_bytes(), "operator", people.NOW)  # and there it was killed
    waiting.refresh_from_db()
    assert waiting.waits_for_files
    sent = str(package.parent / "tip.json.sent.json")
    assert main(["evidence", "record", sent]) == 0
    assert "has all of its files" in capsys.readouterr().out
    filed(waiting, server)
    assert main(["evidence", "record", sent]) == 2


def test_a_server_that_was_broken_into_does_not_choose_where_files_go(vault, package: Path, waiting, server, capsys):
    tip = package.parent / "tip.json"
    tip.write_text(tip.read_text().replace(server.url, "https://elsewhere.example/ispws"))
    assert custodians(vault, package, server) == 2
    assert "another environment or address" in capsys.readouterr().err
    assert "upload" not in server.calls
    assert not list(package.parent.glob("*.opening*.json"))


def test_no_place_is_taken_for_granted_and_one_custodian_sends_nothing(vault, package: Path, waiting, server):
    with pytest.raises(SystemExit):
        main(["evidence", "cybertip", str(package), "--tip", "t", "--login", "l", "--identity", "i"])
    assert custodians(vault, package, server, at=f"test {server.url}") == 2
    assert custodians(vault, package, server, at=server.url) == 2
    assert custodians(vault, package, server, who=("ada", "bea")) == 2
    assert "upload" not in server.calls


def test_a_report_that_ncmec_deleted_is_opened_anew_and_its_files_go_there(
    vault, package: Path, waiting, server, capsys
):
    before = waiting.number
    server.tips[before].state = "expired"
    assert custodians(vault, package, server) == 2
    assert "no such unfinished report" in capsys.readouterr().err
    files.anew(waiting, waiting.approved_by, people.NOW)
    tasks.open_tip(str(waiting.pk))
    waiting.refresh_from_db()
    (package.parent / "tip.json").unlink()
    for path in package.parent.glob("tip.json.opening*"):
        path.rename(path.with_name(f"earlier-{path.name}"))
    assert main(["evidence", "tip", waiting.number, "--to", str(package.parent / "tip.json")]) == 0
    assert custodians(vault, package, server) == 0
    brought_back(package)
    filed(waiting, server)
    assert waiting.number != before


def test_whoever_cannot_wait_files_it_without_files(waiting: Referral, server):
    files.skip(waiting, waiting.approved_by, people.NOW)
    with pytest.raises(WentOn):  # two people have approved it as it is, and the worker may be filing it now
        files.ask(waiting, waiting.approved_by, people.NOW)
    tasks.finish_tip(str(waiting.pk))
    (tip,) = server.of("finished")
    assert tip.files == {}
    with pytest.raises(WentOn):
        files.ask(waiting, waiting.approved_by, people.NOW)
    with pytest.raises(NotWaiting):
        files.errand(waiting)


def test_files_are_asked_for_where_there_are_some_by_whoever_may(server):
    case = people.reported(people.posted(people.plaza(), "post-1"), harm=Harm.CSAM, minor=Tri.YES).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    with pytest.raises(NoFiles):
        files.ask(prepared("us_ncmec"), people.staff("ida"), people.NOW)
    with pytest.raises(NotYours):
        files.ask(prepared("us_ncmec"), people.staff("una", cleared=False), people.NOW)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", json.dumps({"format": adding.FORMAT, "number": "../x"}).encode()])
def test_what_is_no_errand_is_refused(data: bytes):
    with pytest.raises(BadErrand):
        adding.read(data)


def test_a_platform_whose_clock_runs_ahead_keeps_no_report_from_its_files(waiting: Referral):
    Item.objects.update(posted_at=waiting.prepared_at + timedelta(days=1))
    (wanted,) = files.errand(waiting).files
    assert wanted.file.uploaded_at == waiting.prepared_at


def test_an_errand_says_what_it_was_given(waiting: Referral):
    errand = files.errand(waiting)
    assert adding.read(errand.to_bytes()) == errand
    assert errand.environment == Environment.PRODUCTION
