"""The statement of reasons: written with each order that restricts, in the decision's transaction (art. 17 DSA)."""

from datetime import datetime, timedelta

from django.conf import settings

from staydown.banks.kept import WITH_FILM
from staydown.cases import details, linting, owing, statements
from staydown.cases.details import Detail
from staydown.cases.linting import Finding, Kind, Told
from staydown.cases.models import Case, Decision, Report, Statement
from staydown.cases.rules import Ground
from staydown.cases.severity import flags_of
from staydown.cases.statements import Found
from staydown.journal.acting import note
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import Action
from staydown.regimes.clocks import owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.transparency.statements import EXPLAINED, FOUND, JUDGED, personal
from staydown.transparency.vocabulary import EEA, Automated, Content, Source, category_of
from staydown.vault import opening, words


class NotToBeSent(ValueError):
    """The words to the uploader may not point to who reported, and the template's gaps have to be filled."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__(NotToBeSent.__doc__)
        self.found = found


def check(case: Case, text: str, provision: str) -> None:
    """Raises `NotToBeSent` for what would tell an uploader, or the public, who reported or whom it is about."""
    found = linting.findings(text, _told(case)) if text.strip() else []
    found += [Finding(Kind.NAME, provision)] if personal(provision) else []  # it is published as it stands
    if found:
        raise NotToBeSent(found)


def _told(case: Case) -> Told:
    texts, personal = [], []
    for report in case.reports.all():
        sealed = [report.words_sealed, *report.additions.values_list("words_sealed", flat=True)]
        texts += [opening.read(each) for each in sealed if each]
        if report.details_sealed:
            said = details.unpack(opening.read(report.details_sealed))
            personal += [
                said[each] for each in (Detail.CONTACT, Detail.SIGNATURE, Detail.POLICE, Detail.MANDATE) if each in said
            ]
    return Told(tuple(texts), tuple(personal))


def state(order: Order | None, decision: Decision, now: datetime, *, by_match: bool = False) -> Statement | None:
    """Write the statement for an order, unless it restricts nothing. Its words are the decision's."""
    if order is None or Action(order.action) not in statements.RESTRICTS:
        return None
    case, act = decision.case, Action(order.action)
    harm, minor, flags = Harm(case.harm), Tri(case.minor), flags_of(case.flags)
    named, keyword = category_of(harm, minor, synthetic=Flag.SYNTHETIC in flags)
    source = _source(case, by_match=by_match)
    row = Statement.objects.create(
        order=order,
        decision=decision,
        harm=harm,
        minor=minor,
        flags=sorted(flag.value for flag in flags),
        decision_visibility=statements.visibility(act, order.label),
        decision_account=statements.ACCOUNT.get(act, ""),
        decision_provision=statements.PROVISION.get(act, ""),
        decision_ground=statements.GROUND[Ground(decision.ground)],
        legal_ground=decision.provision,
        decision_facts=" ".join((EXPLAINED[harm], FOUND[source], JUDGED[Automated.NOT])),
        content_type=[_content(order.item).value],
        category=named,
        category_specification=[keyword.value] if keyword else [],
        territorial_scope=sorted(EEA),
        content_date=order.item.posted_at.date() if order.item else None,
        application_date=now.date(),
        source_type=source,
        automated_detection=by_match,
        automated_decision=Automated.NOT,
        contest_until=_contest_until(case, now),
        words_sealed=decision.statement_sealed or words.seal("", settings.WORKING_PUBLIC),
        at=now,
    )
    note("statement.written", about=row, by=decision.by.journal_name, now=now, order=str(order.pk))
    return row


def _source(case: Case, *, by_match: bool) -> Source:
    reports = Report.objects.filter(case=case)
    capacities = reports.filter(authority_order=None).values_list("capacity", flat=True)
    return Found(frozenset(capacities), by_match, reports.exclude(authority_order=None).exists()).source


def _content(item: Item | None) -> Content:
    """Conduct of an account is of no kind that the database names."""
    if item is None:
        return Content.OTHER
    return Content.VIDEO if item.fingerprint and item.fingerprint.layout == WITH_FILM else Content.IMAGE


def _contest_until(case: Case, now: datetime) -> datetime:
    """Until when the uploader may complain: as long as the law of the place says, or half a year (art. 20(1))."""
    window = owed(owing.facts(case, Event.DECISION), now).last(Act.LISTEN)
    return window.at if window else now + timedelta(days=183)
