"""`staydown doctor` finds each planted fault, and finds nothing where nothing is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from staydown.cases.models import Case
from staydown.fingerprints import NoModels, WrongModel, descriptor
from staydown.people.models import Staff
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, OrderState
from staydown.promises.models import Heartbeat, Promise
from staydown.recognition import NoModel, policy
from staydown.regimes import helplines
from staydown.site import doctor_files, doctor_rows
from staydown.site.doctor_rows import pictures
from staydown.site.findings import Finding, Findings, Level
from staydown.site.home import Home, create
from staydown.site.options.declaration import Program
from tests import people


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    create(made, "platform", "FR")
    return made


def wrongs(findings: Findings) -> list[Finding]:
    found = [finding for finding in findings if finding.level is Level.WRONG]
    assert all(finding.do for finding in found), "every fault comes with what to do"
    return found


def add(home: Home, program: Program, line: str) -> None:
    with home.file_of(program).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def change(home: Home, program: Program, name: str, value: str | None) -> None:
    path = home.file_of(program)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{name}=")]
    path.write_text("\n".join([*lines, *([] if value is None else [f"{name}={value}"])]) + "\n", encoding="utf-8")


def copy_a_secret(home: Home) -> None:
    add(home, Program.PORTAL, f"STAYDOWN_DATABASE={home.environment(Program.APP)['STAYDOWN_WORKING_KEY']}")


def keys_into_data(home: Home) -> None:
    (home.data / "secret").write_text("x", encoding="utf-8")
    change(home, Program.APP, "STAYDOWN_SECRET_KEY", None)
    add(home, Program.APP, f"STAYDOWN_SECRET_KEY_FILE={home.data / 'secret'}")


FAULTS: dict[str, tuple[Callable[[Home], object], str]] = {
    "a file is missing": (lambda home: home.file_of(Program.WORKER).unlink(), "not there"),
    "a setting is missing": (lambda home: change(home, Program.APP, "STAYDOWN_LINK_KEY", None), "LINK_KEY is not set"),
    "the role is unknown": (lambda home: change(home, Program.APP, "STAYDOWN_ROLE", "pirate"), "pirate"),
    "the portal has a secret": (lambda home: add(home, Program.PORTAL, "STAYDOWN_SECRET_KEY=x"), "portal.env holds"),
    "a secret under another name": (copy_a_secret, "portal.env holds STAYDOWN_WORKING_KEY"),
    "a salt differs": (
        lambda home: change(home, Program.APP, "STAYDOWN_RECEIPT_SALT", "00" * 32),
        "RECEIPT_SALT differs",
    ),
    "others can read a file": (lambda home: home.file_of(Program.APP).chmod(0o644), "can be read by others"),
    "others can read the folder": (lambda home: home.keys.chmod(0o755), "can be read by others"),
    "a key is stored with the data": (keys_into_data, "inside the data folder"),
    "the data is gone": (lambda home: home.data.rmdir(), "is missing or cannot be written"),
}


def test_a_fresh_home_has_no_fault(home: Home) -> None:
    assert wrongs(doctor_files.findings(home)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_folder_is_found(home: Home, fault: str) -> None:
    plant, said = FAULTS[fault]
    plant(home)
    assert any(said in finding.what for finding in wrongs(doctor_files.findings(home)))


def test_a_disk_that_is_nearly_full_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Left:
        free = 10 * 2**20

    monkeypatch.setattr("shutil.disk_usage", lambda _path: Left)
    assert any("10 MB are left" in finding.what for finding in wrongs(doctor_files.findings(home)))


@pytest.fixture
def well(db: None) -> None:
    """A deployment in good health: a worker, two cleared people."""
    Heartbeat.objects.create(program="worker", host="here", pid=1, seen_at=timezone.now())
    people.staff("mina")
    people.staff("tomas", role="lead")


def failing_order() -> None:
    item = people.posted(people.plaza(), "one")
    Order.objects.create(
        platform=item.platform,
        item=item,
        action=Action.HOLD,
        sequence=1,
        policy="test",
        state=OrderState.FAILING,
        written_at=timezone.now(),
    )


def owed(**columns: object) -> None:
    now = timezone.now()
    Promise.objects.create(**{"task": "a.task", "owed_at": now, "run_at": now, **columns})


def late_case() -> None:
    now = timezone.now()
    Case.objects.create(harm="NCII", minor="no", opened_at=now, due_at=now - timedelta(hours=1), clock="test")


def drop_a_guard() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'")
        cursor.execute(f"DROP TRIGGER {cursor.fetchall()[0][0]}")


ROW_FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "no worker": (lambda: Heartbeat.objects.all().delete(), "no worker has been heard of at all"),
    "a silent worker": (
        lambda: Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=1)),
        "no worker has been heard of since",
    ),
    "a late promise": (lambda: owed(run_at=timezone.now() - timedelta(minutes=5)), "1 promises are late"),
    "a promise given up": (
        lambda: owed(gave_up=True, ended_at=timezone.now(), error="SomeError"),
        "1 promises of a.task were given up (last: SomeError)",
    ),
    "an order that fails": (failing_order, "1 orders to Plaza fail"),
    "a deadline that passed": (late_case, "1 cases are late"),
    "one cleared person only": (
        lambda: Staff.objects.filter(username="tomas").update(cleared=False),
        "1 of the staff are cleared",
    ),
    "a cleared person who may not decide": (
        lambda: Staff.objects.filter(username="tomas").update(role="operator"),
        "1 of the staff are cleared",
    ),
    "a guard that was dropped": (drop_a_guard, "no longer guards the journal"),
}


@pytest.mark.usefixtures("well")
def test_a_deployment_in_good_health_has_no_fault() -> None:
    assert wrongs(doctor_rows.findings()) == []


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("fault", ROW_FAULTS)
def test_a_fault_of_the_rows_is_found(fault: str) -> None:
    plant, said = ROW_FAULTS[fault]
    plant()
    assert any(said in finding.what for finding in wrongs(doctor_rows.findings()))


@pytest.mark.usefixtures("well")
def test_entries_missing_from_the_journal_are_found() -> None:
    from staydown.journal.models import Tree

    Tree.objects.update_or_create(pk=1, defaults={"size": 3, "root": b"\0" * 32})
    assert any("entries of the journal are missing" in finding.what for finding in wrongs(doctor_rows.findings()))


@pytest.mark.usefixtures("well")
def test_a_change_of_the_tables_that_was_not_made_is_found() -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="cases").delete()
    assert any("not made yet" in finding.what for finding in wrongs(doctor_rows.findings()))


def test_the_doctor_says_that_descriptors_are_there() -> None:
    (finding,) = pictures.descriptors(timezone.now())
    assert finding.level is Level.FINE


@pytest.mark.parametrize(
    ("trouble", "level", "said"),
    [(NoModels(), Level.SOON, "copydetect"), (WrongModel("a.onnx"), Level.WRONG, "requirements.lock")],
)
def test_the_doctor_says_why_there_are_no_descriptors(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, level: Level, said: str
) -> None:
    monkeypatch.setattr(descriptor, "trouble", lambda: trouble)
    (finding,) = pictures.descriptors(timezone.now())
    assert finding.level is level
    assert said in finding.do


def test_the_doctor_says_whether_the_network_is_there_that_a_policy_asks_for(
    monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    monkeypatch.setattr(pictures.recognition, "trouble", NoModel)
    (unasked,) = pictures.network(timezone.now())
    settings.RECOGNITION = policy.read("- steps: [{from: 0.5, act: blur}]")
    (missing,) = pictures.network(timezone.now())
    assert (unasked.level, missing.level) == (Level.FINE, Level.WRONG)
    assert "extra `nudity`" in missing.do and "503" in missing.what
    monkeypatch.setattr(pictures.recognition, "trouble", lambda: None)
    (there,) = pictures.network(timezone.now())
    assert there.level is Level.FINE


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("ZZ", "no law of ZZ is in the data"),
        ("GB", "to verify in the law of GB: gb_osa_10_3a"),
        ("FR", "nobody has called the helplines shown in FR"),
    ],
)
def test_what_is_to_verify_in_the_law_of_the_country_is_said(tmp_path: Path, country: str, said: str) -> None:
    made = Home(tmp_path / "home")
    create(made, "platform", country)
    soon = [finding for finding in doctor_files.findings(made) if finding.level is Level.SOON]
    assert any(said in finding.what and "docs/law" in finding.do for finding in soon)


def test_helplines_that_were_called_too_long_ago_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Home(tmp_path / "home")
    create(made, "platform", "FR")
    here = helplines.in_country("FR")
    lines = tuple(line.model_copy(update={"verified_on": date(2020, 1, 1)}) for line in here.lines)
    monkeypatch.setattr(helplines, "in_country", lambda country: replace(here, lines=lines))
    said = [finding.what for finding in doctor_files.findings(made) if finding.level is Level.SOON]
    assert any("more than 180 days ago" in what and here.lines[0].name in what for what in said)
