"""What a report's words say beside others': whether several tell the same of one account, and whether the same script stands
in another report. A worker weighs them, because the portal cannot open words. Nobody is sanctioned by it: a person looks sooner.
"""

from datetime import datetime

from staydown import recognition
from staydown.cases import telling
from staydown.cases.actions import rising
from staydown.cases.models import Report, Script
from staydown.journal.acting import action
from staydown.platforms.models import Account
from staydown.recognition import scripts
from staydown.recognition.accounts import in_words
from staydown.recognition.patterns import Tactic
from staydown.regimes.harms import Tri
from staydown.vault import fingerprints

SCRIPTED = frozenset({Tactic.THREAT_TO_SHARE, Tactic.PAYMENT, Tactic.LEVERAGE, Tactic.IMAGE_REQUEST})


@action
def weigh(report: Report, now: datetime) -> None:
    """Weigh all that a reporter wrote. Doing it again changes nothing."""
    report.refresh_from_db()
    if report.withdrawn_at is None:
        _remember_script(report)
        _look(report, now)


def digest_of(shingle: scripts.Shingle) -> bytes:
    """As it is kept: without the fingerprint key nobody can try out words (decision 3)."""
    return fingerprints.keyed_digest(shingle.digest, "script")


def _remember_script(report: Report) -> None:
    """Keep digests of what asks or threatens, so that the same is known again; of other words nothing is kept."""
    said = telling.words_of(report)
    kept = SCRIPTED & set(recognition.of_words(said).tactics)
    digests = {digest_of(each) for each in scripts.shingles(said)} if kept else set()
    Script.objects.bulk_create([Script(report=report, digest=each) for each in sorted(digests)], ignore_conflicts=True)


def _look(report: Report, now: datetime) -> None:
    """Have the cases about its accounts looked at first where several people tell the same of one."""
    own = report.subjects.values_list("account", "item__account")
    accounts = Account.objects.filter(pk__in={each for pair in own for each in pair if each})
    tales = telling.tales(accounts, Report.objects.all(), now)
    for tale in tales.values():
        found = tale.pattern
        grown_up = all(each.report.minor == Tri.NO for each in tale.testimonies)
        facts = {"people": found.reporters, "reasons": list(found.reasons), "why": in_words(found)}
        rising.rise([each.pk for each in tale.accounts], now, facts, everyone=grown_up)
