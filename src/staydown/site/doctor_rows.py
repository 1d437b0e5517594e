"""What `staydown doctor` asks the database. Called with the app's settings set up; each check is one question."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from staydown import decoding, matching, recognition
from staydown.authority_orders.models import UploaderNotice, untold
from staydown.banks import segments, spread, tasks
from staydown.banks.catalogue import catalogue
from staydown.banks.models import Entry as BankEntry
from staydown.banks.rules import EntryState
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.decoding.sandbox import FULL
from staydown.fingerprints import NoModels, descriptor
from staydown.journal import checkpoints, guards
from staydown.journal.models import Entry, Head, Partner, Tree
from staydown.matching import Incomplete
from staydown.people.models import Staff
from staydown.people.rules import DECIDERS
from staydown.platforms.models import Order, Platform
from staydown.platforms.rules import OrderState
from staydown.promises.models import Heartbeat, Promise
from staydown.site.doctor import Finding, Findings, Level, fine, wrong
from staydown.site.trouble import Trouble
from staydown.vault.evidence import returning
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import EvidenceState

SILENT = timedelta(seconds=15)  # a worker says every two seconds that it lives
LATE = timedelta(minutes=1)
EVIDENCE_LATE = timedelta(hours=1)
HEAD_LATE = timedelta(minutes=5)
JOURNAL_SAMPLE = 200
SILENT_PARTNER = timedelta(hours=6)


def findings() -> Findings:
    """Everything that can be said of a database; when it cannot be reached or is out of date, only that."""
    answer = database()
    yield answer
    if answer.level is Level.WRONG:
        return
    now = timezone.now()
    checks: tuple[Callable[[datetime], Findings], ...] = (
        worker, promises, orders, uploaders, deadlines, second_person, platforms, journal, vouching, sandbox, indexes, cluster,
        descriptors, network, frozen, evidence,
    )  # fmt: skip
    for check in checks:
        yield from check(now)


def database() -> Finding:
    """Whether the database answers, and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return wrong(
            f"the database cannot be reached ({type(error).__name__})",
            "See that it runs, that STAYDOWN_DATABASE is right, and that the data folder can be written.",
        )
    if missing:
        return wrong(f"{len(missing)} changes of the tables are not made yet", "Start `staydown serve`: it makes them.")
    return fine("the database answers, and its tables are up to date")


def worker(now: datetime) -> Findings:
    """A worker lives: without one nothing is delivered and no deadline escalates."""
    last = Heartbeat.objects.filter(program="worker").order_by("-seen_at").first()
    if last is None or last.seen_at < now - SILENT:
        said = f"since {last.seen_at:%Y-%m-%d %H:%M:%S} UTC" if last else "at all"
        yield wrong(f"no worker has been heard of {said}", "Start `staydown serve`; read what the worker said last.")
    else:
        yield fine("the worker is at work")


def promises(now: datetime) -> Findings:
    """What is owed is done in time, and nothing was given up."""
    late = Promise.objects.due(now).filter(run_at__lt=now - LATE).count()
    if late:
        yield wrong(f"{late} promises are late", "See that the worker runs, and whether its log names errors.")
    for task in sorted(set(Promise.objects.given_up().values_list("task", flat=True))):
        given_up = Promise.objects.given_up().filter(task=task)
        yield wrong(
            f"{given_up.count()} promises of {task} were given up (last: {given_up.order_by('-ended_at')[0].error})",
            "Put right what the error names, then owe them again.",
        )
    if not late:
        yield fine("no promise is late")


def orders(_now: datetime) -> Findings:
    """Platforms do as they are told."""
    for platform in Platform.objects.filter(orders__state=OrderState.FAILING).distinct():
        count = Order.objects.filter(platform=platform, state=OrderState.FAILING).count()
        yield wrong(
            f"{count} orders to {platform.name} fail: what they hide is still seen",
            "Call the platform, and look whether its webhook answers. They are tried again for days.",
        )


def uploaders(now: datetime) -> Findings:
    """Platforms tell uploaders of authorities' orders."""
    late = UploaderNotice.objects.filter(untold(now)).order_by()
    for name in sorted(set(late.values_list("order__platform__name", flat=True))):
        count = late.filter(order__platform__name=name).count()
        yield wrong(
            f"{count} notices about authorities' orders are not given to their uploaders by {name} for more than a day",
            "Call the platform: it gives them, and confirms (docs/desk.md). They are sent on until then.",
        )


def deadlines(now: datetime) -> Findings:
    """No case waits longer than its law allows."""
    passed = Case.objects.filter(state=CaseState.OPEN, due_at__lt=now).order_by("due_at")
    if first := passed.first():
        yield wrong(
            f"{passed.count()} cases are late (first: {first.reference}, {first.due_at:%d.%m. %H:%M} UTC)",
            "A moderator decides them now; the console shows them first.",
        )
    else:
        yield fine("no case is past its deadline")


def second_person(_now: datetime) -> Findings:
    """Two cleared people exist: a child-safety case is closed without action by two only (decision 19)."""
    cleared = Staff.objects.filter(is_active=True, cleared=True, role__in=DECIDERS).count()
    if cleared < 2:
        yield wrong(
            f"{cleared} of the staff are cleared for child-safety cases, and two are needed",
            "Until then such a case can be held or removed, but not closed without action. "
            "Name a second person: `staydown staff add NAME --role lead --cleared`.",
        )
    else:
        yield fine(f"{cleared} of the staff are cleared for child-safety cases")


def platforms(_now: datetime) -> Findings:
    """Somebody is protected."""
    if not Platform.objects.exists():
        yield Finding(Level.SOON, "no platform is registered", "Register one: `staydown platform add`.")


def journal(now: datetime) -> Findings:
    """The end of the journal fits its tree, and a recent head is signed. `staydown verify` reads all of it."""
    for name in guards.missing(connection):
        yield wrong(
            f"the database no longer guards the journal ({name})", "See `staydown verify`; restart `staydown serve`."
        )
    tree = Tree.objects.filter(pk=1).first()
    size = tree.size if tree else 0
    last = Entry.objects.order_by("-index").first()
    found = list(Entry.objects.order_by("-index").values_list("index", flat=True)[:JOURNAL_SAMPLE])
    if found != list(range(size - 1, size - 1 - len(found), -1)) or len(found) < min(size, JOURNAL_SAMPLE):
        yield wrong("entries of the journal are missing", "Copy the database, then run `staydown verify`.")
        return
    head = Head.objects.order_by("-size").first()
    signed = head.size if head else 0
    if last and signed < size and last.at < now - HEAD_LATE:
        yield wrong(f"the last {size - signed} entries of the journal are not signed", "See that the worker runs.")
    else:
        yield fine(f"the journal's {size} entries end as they should")


def vouching(now: datetime) -> Findings:
    """Whether somebody outside keeps the journal to its word, and says that it is still the same."""
    names = [*settings.TSA, *(each.key.name for each in settings.WITNESSES)]
    if not names:
        yield Finding(
            Level.SOON,
            "nobody outside vouches for the journal",
            "Name a witness or a time-stamping authority: STAYDOWN_WITNESS, STAYDOWN_TSA (docs/journal.md).",
        )
    for row in Partner.objects.filter(pk__in=names).exclude(trouble=""):
        since = f"since {row.troubled_at:%Y-%m-%d %H:%M} UTC"
        if row.trouble == checkpoints.INCONSISTENT:
            yield wrong(
                f"the witness {row.name} REFUSES the journal {since}: it is not the one that it saw before, continued",
                "Copy the database before anything else, run `staydown verify`, and speak to whoever runs the witness.",
            )
        elif row.trouble != checkpoints.AWAY or (row.troubled_at and row.troubled_at < now - SILENT_PARTNER):
            yield wrong(
                f"{row.name} does not vouch for the journal ({row.trouble}, {since})",
                "See that its address, its key or its certificates in the settings are right, and that it answers.",
            )


def sandbox(_now: datetime) -> Findings:
    """What stands between a stranger's picture and this machine."""
    try:
        kind = decoding.sandbox_kind()
    except decoding.Unavailable as error:
        yield wrong(f"pictures cannot be decoded here ({error})", "See that this user may start processes.")
        return
    if kind == FULL:
        yield fine(f"pictures are decoded under {kind}")
    else:
        yield Finding(Level.SOON, f"pictures are decoded under {kind}", "Run on Linux (x86_64, arm64) with seccomp.")


def indexes(_now: datetime) -> Findings:
    """The files that the indexes start from, on this machine."""
    for name in segments.NAMES:
        match segments.look(name):
            case "cannot be used":
                yield Finding(
                    Level.SOON,
                    f"{segments.sealed(name).path} is torn, altered or of another key: it will not be used",
                    "Restart `staydown serve`: the index is built from the tables, and a new file written. Look at the disk.",
                )
            case "put aside":
                yield Finding(
                    Level.SOON,
                    f"{segments.refused(name)} could not be used: the index was built from the tables, nothing was missed",
                    "Look at the disk, and at who can write there; then delete the file.",
                )


def cluster(_now: datetime) -> Findings:
    """Whether every shard of every index answers, where they are in a cluster (docs/cluster.md)."""
    if settings.CLUSTER is None:
        return
    nothing = np.empty((0, 32), np.uint8)
    try:
        for index in (spread.bank(), catalogue.upto(tasks.everything_until())):
            index.search(nothing).whole()
    except Trouble as trouble:
        yield wrong("the cluster that STAYDOWN_CLUSTER names is not used: uploads wait", str(trouble))
    except Incomplete:
        yield wrong(
            f"not every shard answers in the cluster at {settings.CLUSTER.address}: uploads wait",
            "`ray status` there says which machine is missing; what is started again catches up by itself.",
        )
    else:
        shards, replicas = settings.CLUSTER.shards, settings.CLUSTER.replicas
        yield fine(f"the bank and the catalogue are searched in {shards} shards of {replicas} replicas each")


def descriptors(_now: datetime) -> Findings:
    """Whether the copy-detection network is there: without it, deep crops and tilted screens are found less often."""
    trouble = descriptor.trouble()
    if trouble is None:
        yield fine(f"pictures are compared by their copy-detection descriptors, too, searched {matching.proposer()}")
    elif isinstance(trouble, NoModels):
        yield Finding(
            Level.SOON,
            "pictures are compared without copy-detection descriptors",
            "Install Staydown with the extra `copydetect`, if its licence suits you (docs/decisions/0012).",
        )
    else:
        yield wrong(f"the copy-detection network is refused ({trouble.file})", str(trouble))


def network(_now: datetime) -> Findings:
    """Whether what a platform's policy of recognition asks for can be done: without the network its uploads wait."""
    asked = [rule for rule in settings.RECOGNITION if rule.steps]
    trouble = recognition.trouble()
    if not asked:
        yield fine("no policy asks a network to look at uploads")
    elif trouble:
        yield wrong(
            "a policy of recognition is set, and the network is not there: its upload checks get 503", str(trouble)
        )
    else:
        yield fine("the network that policies of recognition ask for is there, as it was measured")


def evidence(now: datetime) -> Findings:
    """What is held as evidence is sealed to custodians, and soon."""
    if not settings.CUSTODIANS:
        yield Finding(
            Level.SOON,
            "evidence is not sealed: no custodians are named",
            "Name two groups of two: STAYDOWN_CUSTODIANS_FIRST and _SECOND (docs/evidence.md).",
        )
        return
    late = Evidence.objects.filter(state=EvidenceState.WANTED, wanted_at__lt=now - EVIDENCE_LATE).count()
    if late:
        yield Finding(
            Level.SOON,
            f"{late} originals are not sealed for more than an hour",
            "See that the worker runs, that platforms' evidence addresses answer, and the store has room.",
        )
    else:
        yield fine("evidence is sealed to custodians")
    if unreturned := returning.missing(now):
        names = ", ".join(sorted({release.case.reference for release in unreturned}))
        yield Finding(
            Level.SOON,
            f"no record of their opening came back of {len(unreturned)} releases ({names}) for more than two weeks",
            "Ask the custodians for the file …opening.json, and give it to `staydown evidence record`.",
        )


def frozen(_now: datetime) -> Findings:
    """Entries that stopped themselves wait for a person."""
    for entry in BankEntry.objects.filter(state=EntryState.FROZEN).select_related("case"):
        yield wrong(
            f"an entry of case {entry.case.reference} hid so much that it stopped itself",
            "Look at its matches now: withdraw the entry, or thaw it. Until then only the very same bytes are held.",
        )
