"""kill -9 of who decides, approves, adds files and sends: one finished report with its file, its number kept, and one dossier.

At every step of NCMEC's interface, and at random moments while it drops connections, answers nonsense and forgets reports.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import LazySettings

from staydown.authorities.rules import ReferralState
from staydown.cases.models import Case
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.platforms.models import Platform
from staydown.regimes.harms import Harm, Tri
from tests import far_side, people
from tests.authorities.cybertip_server import LOGIN, Handler, Tip, Tipline
from tests.authorities.light import ATLANTIC, connected
from tests.authorities.shifts import STAFF, Room, shift
from tests.forked import Worker, kill, worker
from tests.pictures import jpeg, texture
from tests.vault.evidence.conftest import Originals, Vault
from tests.vault.evidence.light import posted
from tests.vault.evidence.released import identity_file

VERBS, WHENS = ("submit", "upload", "fileinfo", "finish"), ("before", "within", "after")
FAULTS = ["", "", "", "drop", "drop after", "502", "429", "401", "damage"]


@dataclass
class Deadly(Tipline):
    """A CyberTipline beside which whoever calls it is killed: when it hears a verb, has done it, or has answered."""

    fatal: tuple[str, str] | None = None
    caller: int = 0
    known: threading.Event = field(default_factory=threading.Event)

    def moment(self, when: str, call: str) -> None:
        if self.fatal == (call, when):
            self.fatal = None
            self.known.wait(60)
            kill(self.caller)


@dataclass
class Shifts:
    """Where people work on a case until they are killed."""

    worker: Worker
    server: Deadly
    room: Room
    originals: Originals
    platform: Platform
    rng: random.Random
    found: Counter[str] = field(default_factory=Counter)

    def run(self, case: Case, part: float | None = None, fatal: tuple[str, str] | None = None) -> bool:
        """Work on a case, killed at this part of what a shift takes, or at a call of NCMEC's interface; whether anybody was."""
        self.server.known.clear()
        self.server.fatal = fatal
        self.server.caller = self.worker.begin(str(case.pk))
        self.server.known.set()
        if part is not None:
            return self.worker.end_at(part)
        if fatal:
            self.worker.end()
            return self.server.fatal is None
        self.worker.measure()
        return False

    def reported(self, number: int) -> Case:
        name = f"post-{number}"
        self.originals.media[name] = jpeg(texture(number))
        item = posted(self.platform, name, account=f"bob-{number}")
        return people.reported(item, harm=Harm.CSAM, minor=Tri.YES, seed=str(number)).case

    def trouble(self, case: Case) -> None:
        """What the far side does next: it breaks three times, and one day in four it has deleted what is not filed."""
        self.server.faults = self.rng.choices(FAULTS, k=6)
        for tip in self._mine(case):
            if tip.state == "open" and self.rng.random() < 0.25:
                tip.state = "expired"

    def finish(self, case: Case) -> None:
        """Nobody is killed any more: the case is told of once, with its file, and the journal knows the number."""
        self.server.faults, self.server.fatal = [], None
        shift(case, self.room)
        states = dict(case.referrals.values_list("authority", "state"))
        assert states == {"us_ncmec": ReferralState.ACKNOWLEDGED, "fr_pharos": ReferralState.ACKNOWLEDGED}
        number = case.referrals.get(authority="us_ncmec").number
        (tip,) = [tip for tip in self._mine(case) if tip.state == "finished"]
        assert tip is self.server.tips[number]
        ((file, _details),) = tip.details.items()
        assert tip.files[file] == self.originals.media[case.reports.get().subjects.get().item.external_id]

    def progress(self, case: Case) -> str:
        """How far a case was when its people were killed."""
        states = case.referrals.order_by("authority").values_list("state", flat=True)
        files = max((len(tip.files) + len(tip.details) for tip in self._mine(case)), default=0)
        return ", ".join([*states, f"{files} of its file"]) if states else "not decided"

    def _mine(self, case: Case) -> list[Tip]:
        about = f"/posts/{case.reports.get().subjects.get().item.external_id}<".encode()
        return [tip for tip in self.server.tips.values() if about in tip.xml]


@pytest.fixture
def work(settings: LazySettings, vault: Vault, originals: Originals, tmp_path: Path) -> Iterator[Shifts]:
    settings.COUNTRY, settings.SERVES = ATLANTIC
    for name, role in STAFF.items():
        people.staff(name, role)
    for name in ("ada", "cyd"):
        identity_file(vault, name, tmp_path)
    (tmp_path / "custodians").write_text(f"{','.join(vault.named.first)}\n{','.join(vault.named.second)}\n")
    (tmp_path / "login").write_text(LOGIN)
    platform = originals.platform()
    started = "tests.authorities.killed"
    with far_side.running(Deadly(), Handler, "/ispws") as server, worker(started, server.url, str(tmp_path)) as process:
        settings.CYBERTIP = connected(server)
        yield Shifts(process, server, Room(tmp_path), originals, platform, random.Random(2258))


def told(cases: int) -> None:
    """NCMEC and PHAROS were each told once of each case, and the journal is whole."""
    sent = list(Entry.objects.filter(act="referral.sent").values_list("about", flat=True))
    assert len(sent) == len(set(sent)) == 2 * cases
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_kill_9_within_each_step_of_sending_leaves_exactly_one_finished_report_and_one_dossier(work: Shifts):
    case = work.reported(0)
    for verb in VERBS:
        assert work.run(case, fatal=(verb, "within")), f"it never came to {verb}"
    work.finish(case)
    assert len(work.server.of("finished")) == 1
    told(1)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_kill_9_at_a_hundred_moments_leaves_exactly_one_finished_each(work: Shifts):
    first = work.reported(0)
    work.run(first)
    number = 0
    while work.found.total() < 100:
        number += 1
        case = work.reported(number)
        at_a_call = {"fatal": (work.rng.choice(VERBS), work.rng.choice(WHENS))}
        at_a_time = {"part": work.rng.random()}
        for moment in (at_a_call, at_a_time) if number % 2 else (at_a_time, at_a_call):
            work.trouble(case)
            if work.run(case, **moment):
                work.found[work.progress(case)] += 1
        work.finish(case)
    work.finish(first)
    print(work.found)
    assert len(work.found) > 4, f"the moments fell all in one place: {work.found}"
    assert len(work.server.of("finished")) == number + 1
    told(number + 1)
