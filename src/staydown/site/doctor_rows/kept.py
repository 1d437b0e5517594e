"""What is kept to be shown later: the journal, those who vouch for it, and the evidence."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from staydown.journal import checkpoints, guards
from staydown.journal.models import Entry, Head, Partner, Tree
from staydown.site.findings import Finding, Findings, Level, fine, wrong
from staydown.vault.evidence import returning
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import EvidenceState

EVIDENCE_LATE = timedelta(hours=1)
HEAD_LATE = timedelta(minutes=5)
JOURNAL_SAMPLE = 200
SILENT_PARTNER = timedelta(hours=6)


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
