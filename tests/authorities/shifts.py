"""What people, the worker and custodians do about one case until NCMEC and PHAROS know of it: each step that is not taken yet.

Whoever loads a page again or runs a command again does the same; so it is what happens after a kill, too.
"""

from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings

from staydown.authorities import actions, dossiers, files, tasks
from staydown.authorities.models import Referral
from staydown.authorities.rules import Form, ReferralState
from staydown.cases.actions import deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.cli import main
from staydown.journal import tasks as journal
from staydown.people.models import Staff
from staydown.promises.errors import Later
from staydown.vault.evidence import packing, releasing, store
from staydown.vault.evidence import tasks as sealing
from staydown.vault.evidence.models import Evidence, Release
from staydown.vault.evidence.rules import EvidenceState, ReleaseState
from tests import people
from tests.authorities.light import WORDS

TRIES = 30
STAFF = {"mina": "moderator", "ida": "moderator", "jo": "moderator", "tomas": "lead", "cleo": "custodian"}


@dataclass(frozen=True)
class Room:
    """The custodians' own machine: their keys, the login to NCMEC, and what is carried there and back."""

    folder: Path

    def add(self, package: Path) -> bool:
        """Add the files of a package to the report that `tip.json` beside it names; whether all went."""
        keys = [word for name in ("ada", "cyd") for word in ("--identity", str(self.folder / f"{name}.key"))]
        where = ["--at", f"production {settings.CYBERTIP.url}", "--login", str(self.folder / "login")]
        also = ["--allow", "http://127.0.0.0/8"]
        return main(["evidence", "cybertip", str(package), "--tip", str(tip_of(package)), *keys, *where, *also]) == 0


def tip_of(package: Path) -> Path:
    return package.with_name(f"{package.stem}.json")


def by(name: str) -> Staff:
    return Staff.objects.get(username=name)


def shift(case: Case, room: Room) -> None:
    """Mina decides a case, Ida and Jo tell NCMEC, with the file, and PHAROS of it."""
    for row in Evidence.objects.filter(case=case, state=EvidenceState.WANTED):
        kept(sealing.seal, row)
    if not case.decisions.exists():
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), by("mina"), people.NOW)
    for referral in Referral.objects.filter(case=case).order_by("authority"):
        if referral.state == ReferralState.PREPARED:
            if referral.form == Form.CYBERTIP and not referral.with_files:
                files.ask(referral, by("ida"), people.NOW)
            actions.approve(referral, WORDS, by("ida"), people.NOW)
        if referral.form == Form.DOSSIER:
            _hand_over(referral)
        else:
            _file(referral, room)


def kept(task: Callable[[str], None], row: Referral | Evidence) -> None:
    """A promise of the worker, kept as often as it says that it is for later."""
    for _ in range(TRIES):
        try:
            task(str(row.pk))
        except Later:
            continue
        row.refresh_from_db()
        return
    raise AssertionError(f"{row} was for later {TRIES} times")


def _hand_over(referral: Referral) -> None:
    referral.refresh_from_db()
    if referral.state == ReferralState.APPROVED:
        assert dossiers.pdf(referral, people.NOW).startswith(b"%PDF")
        actions.sent_by_hand(referral, f"PH-{referral.case.reference}", by("jo"), people.NOW)


def _file(referral: Referral, room: Room) -> None:
    referral.refresh_from_db()
    if referral.second_by_id is None:
        actions.file(referral, by("jo"), people.NOW)
    for _ in range(TRIES):
        kept(tasks.open_tip, referral)
        if referral.waits_for_files:
            _add_files(referral, room)
        kept(tasks.finish_tip, referral)
        if referral.state == ReferralState.ACKNOWLEDGED:
            return


def _add_files(referral: Referral, room: Room) -> None:
    """Have the file added; where NCMEC has deleted the report meanwhile, have it opened anew."""
    package = _package(referral, room)
    tip_of(package).unlink(missing_ok=True)
    assert main(["evidence", "tip", referral.number, "--to", str(tip_of(package))]) == 0
    said = StringIO()
    with redirect_stderr(said):
        added = room.add(package)
    if not added and "no such unfinished report" in said.getvalue():
        files.anew(referral, by("ida"), people.NOW)
    for record in sorted(room.folder.glob(f"{tip_of(package).name}.*.json")):
        main(["evidence", "record", str(record)])  # what is recorded already is said to be
    referral.refresh_from_db()


def _package(referral: Referral, room: Room) -> Path:
    package = room.folder / f"{referral.case_id}.tar"
    release = Release.objects.filter(case=referral.case).first()
    release = release or releasing.propose(referral.case, "Report to NCMEC", by("tomas"), people.NOW)
    if release.state == ReleaseState.PROPOSED:
        releasing.agree(release, by("cleo"), people.NOW)
    if not package.exists():
        journal.sign_head()
        packing.write(release, package, store.store(), "test", people.NOW)
    return package
