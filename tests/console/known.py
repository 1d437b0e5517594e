"""An ordinary case and a child's beside it, which share an account, pictures and posts, for those who may not know of it."""

from dataclasses import dataclass, field

from staydown.authorities import actions
from staydown.authorities.models import Referral
from staydown.authority_orders.actions import receiving
from staydown.authority_orders.rules import Kind as OrderKind
from staydown.authority_orders.rules import Said
from staydown.banks import tasks as bank_tasks
from staydown.banks.actions import allowing
from staydown.banks.models import Entry
from staydown.cases.actions import deciding
from staydown.cases.models import Case, Complaint, Report
from staydown.cases.rules import Ruling
from staydown.console import figures, reviewing
from staydown.console.grades import Grade
from staydown.organisations import actions as organisations
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind as OrganisationKind
from staydown.organisations.rules import Proposed
from staydown.people.models import Staff
from staydown.platforms.models import Check, Item, Platform
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence.models import Release
from staydown.vault.retention import holding
from staydown.vault.retention.rules import HoldKind
from tests import people
from tests.pictures import jpeg, photograph, resized

WORDS = "zwei Apfelbäume im Regen"  # what the child's reporter wrote: nobody else's words have it
QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "queue": ({}, {"page": "2"}, {"text": "post-8"}, {"text": "bob"}, {"harm": "CSAM"}, {"language": "en"}),
    "referrals": ({}, {"done": "1"}),
    "authority_orders": ({}, {"done": "1"}),
    "template": ({"ruling": "remove", "language": "en"},),
}
PARAMETERS = (
    "case_id",
    "check_id",
    "entry_id",
    "hold_id",
    "media_id",
    "allowance_id",
    "release_id",
    "referral_id",
    "subject_id",
    "part_id",
    "complaint_id",
    "report_id",
    "form",
    "authority_order_id",
    "organisation_id",
    "list_id",
    "token",
    "key",
)  # of the addresses, but for `kind` and `pk`
REPORTER = b"r" * 32  # a platform's pseudonym, who reported both
NOTHING = "0191e7c0-0000-7000-8000-000000000000"  # as good as an id of what is not there
COFFEE, CAT = jpeg(photograph("coffee")), jpeg(photograph("cat"))


@dataclass
class Known:
    """What there is before the child's case, and every id by the name that addresses give it."""

    platform: Platform
    mina: Staff
    tomas: Staff
    ids: dict[str, list[object]] = field(default_factory=dict)

    def also(self, **ids: object) -> None:
        for name, one in ids.items():
            self.ids.setdefault(name, []).append(one)


def ordinary() -> Known:
    """A decided case with an entry, a held copy and a held upload; an open case of the same account; nothing of a child."""
    known = Known(people.plaza(), people.staff("mina"), people.staff("tomas", "lead"))
    known.also(authority_order_id=NOTHING, list_id=NOTHING, organisation_id=_court(known.mina).pk)
    known.also(token="x", pk=1, key="x", subject_id=NOTHING, part_id=NOTHING, complaint_id=NOTHING, report_id=NOTHING)
    known.ids["name"] = [figure.name for figure in figures.ALL]
    known.ids["kind"] = ["item", "check"]
    known.ids["form"] = ["pdf", "csv"]
    first = _decided(known, people.posted(known.platform, "post-1", COFFEE), Harm.NCII, Tri.NO, "one")
    Report.objects.update(reporter_ref=REPORTER)
    known.also(case_id=first.pk, report_id=first.reports.get().pk)
    other = people.posted(known.platform, "post-2", jpeg(resized(photograph("coffee"))), "bob")
    # Of an account of its own: an open case that a child's report of the same account and harm joins becomes that child's.
    waiting = people.posted(known.platform, "post-3", jpeg(photograph("rocket")), "dora")
    known.also(media_id=other.pk, check_id=_held(known, COFFEE, "carl").pk)
    known.also(entry_id=Entry.objects.get().pk)
    known.also(case_id=people.reported(waiting, seed="two", minor=Tri.NO).case.pk)
    people.posted(known.platform, "post-8", CAT)
    people.posted(known.platform, "post-9", jpeg(resized(photograph("cat"))), "bob")
    return known


def childs(known: Known, harm: Harm, minor: Tri) -> Case:
    """A child's case about another picture of the same accounts, with everything that a case can have."""
    case = _decided(known, Item.objects.get(external_id="post-8"), harm, minor, "child")
    check = _held(known, CAT, "carl")
    copy = Item.objects.get(external_id="post-9")
    with_reason = holding.hold(case, HoldKind.LEGAL, "a proceeding", known.tomas, people.NOW)
    known.also(case_id=case.pk, media_id=copy.pk, check_id=check.pk, hold_id=with_reason.pk)
    known.ids["entry_id"] += Entry.objects.filter(case=case).values_list("pk", flat=True)
    known.also(release_id=_released(case, known).pk)
    known.also(referral_id=_referred(case).pk)
    known.ids["report_id"] += case.reports.values_list("pk", flat=True)
    meant = allowing.Meant(check.fingerprint, known.platform)
    known.also(allowance_id=allowing.allow(case, meant, known.mina, people.NOW).pk)
    told = receiving.Order(OrderKind.REMOVAL, Said(reasons=WORDS), harm=harm, minor=minor)
    decision = case.decisions.get()
    contested = Complaint(report=case.reports.get(), decision=decision, decided_by=decision.by, at=people.NOW)
    contested.due_at = people.later(days=3)
    contested.save()
    known.also(complaint_id=contested.pk)
    Report.objects.filter(case=case).update(reporter_ref=REPORTER)
    Staff.objects.filter(pk=known.tomas.pk).update(away_until=people.later(days=3))  # by what he looked at for it
    known.also(authority_order_id=receiving.receive(told, receiving.Sender(staff=known.mina), people.NOW).pk)
    _looked_at(case, copy, known.mina)
    return case


def childs_of_the_same_post(known: Known, harm: Harm, minor: Tri) -> Case:
    """A child's case, still open, about the very post that an ordinary case holds as a copy."""
    copy = Item.objects.get(external_id="post-2")
    case = people.reported(copy, seed="child", harm=harm, minor=minor, words=WORDS, shown=False).case
    known.also(case_id=case.pk, hold_id=case.pk, release_id=case.pk, referral_id=case.pk, allowance_id=case.pk)
    known.also(authority_order_id=case.pk)
    known.ids["report_id"] += case.reports.values_list("pk", flat=True)
    _looked_at(case, copy, known.mina)
    return case


def _court(by: Staff) -> Organisation:
    """An authority that somebody proposed."""
    said = Proposed(OrganisationKind.AUTHORITY, "The court", "BE", "+32 2 000 00 00", "https://directory.example.org")
    return organisations.propose(said, by, people.NOW)


def _decided(known: Known, item: Item, harm: Harm, minor: Tri, seed: str) -> Case:
    case = people.reported(item, seed=seed, harm=harm, minor=minor, words=WORDS if seed == "child" else "").case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), known.mina, people.NOW)
    for entry in Entry.objects.filter(case=case):  # a child's case of other people may have taken in posts of before
        bank_tasks.sweep(str(entry.pk))
    return case


def _held(known: Known, media: bytes, account: str) -> Check:
    check = people.checked(known.platform, media, account)
    assert check.case is not None
    return check


def _released(case: Case, known: Known) -> Release:
    """A proposal to release its evidence."""
    return Release.objects.create(case=case, reason=b"sealed", by=known.tomas, proposed_at=people.NOW)


def _referred(case: Case) -> Referral:
    """What an authority is told of it, approved: also where nobody would be obliged to tell."""
    decision = case.decisions.get()
    referral = Referral.objects.filter(case=case).first() or Referral.objects.create(
        case=case, decision=decision, authority="fr_pharos", form="dossier", prepared_at=people.NOW,
        words_sealed=bytes(decision.reasons_sealed),
    )  # fmt: skip
    actions.approve(referral, WORDS, decision.by, people.NOW)
    return referral


def _looked_at(case: Case, item: Item, by: Staff) -> None:
    """A look at it is in the journal; the picture itself is not fetched."""
    reviewing.asked(reviewing.Look(case, item, by), Grade.GREY, None, people.NOW)
