"""How the console says harms, states and deadlines."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.cases.searching import Wanted
from staydown.regimes.periods import Period

register = template.Library()

HARMS = {
    "CSAM": gettext_lazy("Child sexual abuse material"),
    "GROOMING": gettext_lazy("Soliciting a child"),
    "SEXUAL_VIOLENCE_RECORDING": gettext_lazy("Filmed sexual violence"),
    "SEXTORTION": gettext_lazy("Sexual extortion"),
    "NCII": gettext_lazy("Intimate image without consent"),
    "SYNTHETIC_NCII": gettext_lazy("Synthetic intimate image"),
    "VOYEURISM": gettext_lazy("Voyeurism"),
    "EXPOSURE_HARASSMENT": gettext_lazy("Exposure or harassment"),
    "UNSPECIFIED": gettext_lazy("Not yet classified"),
}
STATES = {
    "up": gettext_lazy("up"),
    "held": gettext_lazy("held"),
    "removed": gettext_lazy("removed"),
    "gone": gettext_lazy("gone"),
    "active": gettext_lazy("active"),
    "restricted": gettext_lazy("restricted"),
    "suspended": gettext_lazy("suspended"),
    "ended": gettext_lazy("ended"),
    "proposed": gettext_lazy("proposed"),
    "holding": gettext_lazy("holds what resembles it"),
    "blocking": gettext_lazy("blocks what resembles it"),
    "frozen": gettext_lazy("frozen"),
    "withdrawn": gettext_lazy("withdrawn"),
    "allowing": gettext_lazy("never held"),
    "revoked": gettext_lazy("taken back"),
    "due": gettext_lazy("to be delivered"),
    "delivered": gettext_lazy("delivered, not confirmed"),
    "failing": gettext_lazy("failing"),
    "wanted": gettext_lazy("being fetched"),
    "sealed": gettext_lazy("sealed"),
    "unobtainable": gettext_lazy("not to be had"),
    "forbidden": gettext_lazy("forbidden to this deployment"),
    "agreed": gettext_lazy("agreed to"),
    "declined": gettext_lazy("declined"),
}
REFERRALS = {
    "prepared": gettext_lazy("prepared"),
    "approved": gettext_lazy("approved by one person"),
    "opened": gettext_lazy("opened there, not filed"),
    "tried": gettext_lazy("tried"),
    "sent": gettext_lazy("sent, no receipt yet"),
    "acknowledged": gettext_lazy("received by them"),
    "refused": gettext_lazy("not accepted"),
    "dismissed": gettext_lazy("nobody was told"),
}
PIECES = {
    "item": gettext_lazy("original of a post"),
    "check": gettext_lazy("stopped upload"),
    "page": gettext_lazy("text around a post"),
    "report": gettext_lazy("what a reporter wrote"),
    "addition": gettext_lazy("what a reporter added"),
    "screenshot": gettext_lazy("screenshot that a reporter handed over"),
}
TRIS = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no"), "unknown": gettext_lazy("not known")}
LABELS = {
    "sensitive": gettext_lazy("sensitive"),
    "age-restricted": gettext_lazy("age-restricted"),
    "blur": gettext_lazy("blurred"),
}
RULINGS = {
    "remove": gettext_lazy("remove, with every copy"),
    "once": gettext_lazy("remove this one post, bank nothing"),
    "keep": gettext_lazy("no action"),
    "label": gettext_lazy("put back with a warning"),
}
ACCOUNT_RULINGS = {
    "leave": gettext_lazy("left as it is"),
    "restrict": gettext_lazy("restricted"),
    "suspend": gettext_lazy("suspended"),
    "end": gettext_lazy("ended for good"),
    "reinstate": gettext_lazy("reinstated"),
}
TAKES_TWO = {
    "no_action_child": gettext_lazy("a child-safety report closed without action"),
    "restore_child": gettext_lazy("something put back that was held as child-safety"),
    "spare_copies_child": gettext_lazy("a child's picture removed without looking for copies"),
    "end_account": gettext_lazy("an account ended for good"),
    "raise_entry": gettext_lazy("a bank entry raised to block"),
    "unseal_evidence": gettext_lazy("sealed evidence released to its custodians"),
    "allow": gettext_lazy("a picture of the bank said to be something else"),
}
FOUND = {
    "check": gettext_lazy("found at upload"),
    "registration": gettext_lazy("found when registered"),
    "sweep": gettext_lazy("found in the catalogue"),
}
ACTS = {
    "case.opened": gettext_lazy("case opened"),
    "case.joined": gettext_lazy("another case joined"),
    "case.claimed": gettext_lazy("somebody began to work on it"),
    "case.taken_over": gettext_lazy("taken over by somebody else"),
    "case.handed_over": gettext_lazy("handed over"),
    "case.alerted": gettext_lazy("a part of the time to decide is over"),
    "case.escalated": gettext_lazy("deadline missed, lead called"),
    "case.decided": gettext_lazy("decided"),
    "decision.proposed": gettext_lazy("a decision was written"),
    "decision.declined": gettext_lazy("a second person did not agree"),
    "decision.lapsed": gettext_lazy("nobody answered the proposal in time"),
    "statement.written": gettext_lazy("statement of reasons written"),
    "decision.settled": gettext_lazy("the decision was carried out"),
    "decision.undone": gettext_lazy("the decision was undone"),
    "report.received": gettext_lazy("report received"),
    "report.added_to": gettext_lazy("words added"),
    "host.told": gettext_lazy("the other site was told"),
    "report.told_more": gettext_lazy("questions answered"),
    "print.too_common": gettext_lazy("a fingerprint from a device is of a picture that very many people have"),
    "entry.proposed": gettext_lazy("watched for, by a fingerprint from a device"),
    "report.withdrawn": gettext_lazy("report taken back"),
    "statement.published": gettext_lazy("statement of reasons published, without anything personal"),
    "statement.not_published": gettext_lazy("statement of reasons not published, an operator looks at it"),
    "referral.files_wanted": gettext_lazy("custodians are to add its files first"),
    "referral.files_left_out": gettext_lazy("it goes without files"),
    "referral.files_added": gettext_lazy("custodians have added its files"),
    "referral.opened_anew": gettext_lazy("deleted at the authority, opened again"),
    "referral.prepared": gettext_lazy("referral to an authority prepared"),
    "referral.approved": gettext_lazy("a person stands for the referral's words"),
    "referral.opened": gettext_lazy("opened at the authority, not filed"),
    "referral.agreed": gettext_lazy("a second person has it filed"),
    "referral.sent": gettext_lazy("sent to the authority"),
    "referral.tried": gettext_lazy("sent to a test environment: not reported"),
    "referral.acknowledged": gettext_lazy("received by the authority"),
    "referral.expired": gettext_lazy("not filed in time, opened again"),
    "referral.refused": gettext_lazy("not accepted by the authority"),
    "referral.begun_again": gettext_lazy("referral begun again"),
    "referral.dismissed": gettext_lazy("nobody is told, a second person said"),
    "referral.late": gettext_lazy("referral late, lead called"),
    "case.reopened": gettext_lazy("case opened again"),
    "report.unfounded": gettext_lazy("report called manifestly unfounded"),
    "report.written_to": gettext_lazy("written to the reporter"),
    "decision.contested": gettext_lazy("contested"),
    "complaint.answer_written": gettext_lazy("answer to a complaint written"),
    "complaint.upheld": gettext_lazy("complaint answered: the decision stands"),
    "complaint.reversed": gettext_lazy("complaint answered: decided otherwise"),
    "case.taken_apart": gettext_lazy("taken apart from a case"),
    "case.split": gettext_lazy("split"),
    "case.risen": gettext_lazy("to be looked at first: several people told of the account"),
    "hold.braked": gettext_lazy("not hidden: brake on"),
    "order.hold": gettext_lazy("ordered hidden"),
    "order.release": gettext_lazy("ordered released"),
    "order.remove": gettext_lazy("ordered removed"),
    "order.restore": gettext_lazy("ordered restored"),
    "order.label": gettext_lazy("ordered labelled"),
    "order.unlabel": gettext_lazy("label ordered off"),
    "account.restrict": gettext_lazy("account ordered restricted"),
    "account.suspend": gettext_lazy("account ordered suspended"),
    "account.reinstate": gettext_lazy("account ordered reinstated"),
    "account.end": gettext_lazy("account ordered ended"),
    "item.gone": gettext_lazy("gone from the platform"),
    "media.veiled": gettext_lazy("grey preview shown"),
    "media.grey": gettext_lazy("picture shown tiny and grey"),
    "media.blurred": gettext_lazy("picture shown blurred"),
    "media.peek": gettext_lazy("picture glanced at"),
    "media.full": gettext_lazy("picture shown whole"),
    "media.revealed": gettext_lazy("picture shown"),
    "entry.holding": gettext_lazy("banked: copies are held"),
    "entry.blocking": gettext_lazy("confirmed: copies are blocked"),
    "entry.frozen": gettext_lazy("entry frozen"),
    "entry.withdrawn": gettext_lazy("entry withdrawn"),
    "entry.swept": gettext_lazy("catalogue searched"),
    "allowance.proposed": gettext_lazy("said to be something else"),
    "allowance.allowing": gettext_lazy("never held again"),
    "allowance.revoked": gettext_lazy("taken back: held again"),
    "upload.label": gettext_lazy("upload labelled"),
    "upload.hold": gettext_lazy("upload held"),
    "upload.block": gettext_lazy("upload blocked"),
    "check.resolved": gettext_lazy("upload answered"),
    "authority_order.received": gettext_lazy("an authority's order received"),
    "authority_order.added_to": gettext_lazy("the order was completed by its authority"),
    "authority_order.completed": gettext_lazy("the order has all the law wants: it binds"),
    "authority_order.preserved": gettext_lazy("kept, as an authority ordered"),
    "authority_order.executed": gettext_lazy("the order was carried out"),
    "authority_order.effect": gettext_lazy("the platforms confirmed its effect"),
    "authority_order.answered": gettext_lazy("the authority was told the effect"),
    "authority_order.called_back": gettext_lazy("the authority was called back"),
    "authority_order.refused": gettext_lazy("the order was refused"),
    "authority_order.revoked": gettext_lazy("the authority revoked its order"),
    "authority_order.impostor": gettext_lazy("the order was an impostor's: undone"),
    "authority_order.uploader_told": gettext_lazy("the uploader was told of the order"),
    "authority_order.uploader_untold": gettext_lazy("for a day no platform said that the uploader was told"),
    "retention.held": gettext_lazy("to be kept: a hold was set"),
    "retention.lifted": gettext_lazy("hold lifted"),
    "retention.proposed": gettext_lazy("destruction proposed"),
    "retention.agreed": gettext_lazy("destruction agreed to"),
    "retention.declined": gettext_lazy("destruction declined"),
    "retention.stopped": gettext_lazy("destruction stopped"),
    "retention.erased": gettext_lazy("keys and words destroyed"),
    "retention.destroyed": gettext_lazy("destroyed"),
}
GRADES = {
    "grey": gettext_lazy("tiny and grey"),
    "blurred": gettext_lazy("blurred"),
    "peek": gettext_lazy("a glance"),
    "full": gettext_lazy("the whole picture"),
}
WHYS = {
    "reported": gettext_lazy("to tell whether it is what was reported"),
    "child": gettext_lazy("to tell whether a child is shown"),
    "second": gettext_lazy("to agree or not, as the second person"),
    "contested": gettext_lazy("to answer a complaint"),
}
FLAGS = {
    "imminent_danger": gettext_lazy("imminent danger"),
    "live": gettext_lazy("live"),
    "viral": gettext_lazy("viral"),
    "synthetic": gettext_lazy("synthetic"),
    "self_generated": gettext_lazy("made by the person shown"),
    "threat_only": gettext_lazy("threat only"),
    "commercial": gettext_lazy("commercial"),
    "person_shown": gettext_lazy("reported by the person shown"),
}

for name, said in (
    ("harm", HARMS),
    ("state", STATES),
    ("piece", PIECES),
    ("referral", REFERRALS),
    ("tri", TRIS),
    ("ruling", RULINGS),
    ("found", FOUND),
    ("account_ruling", ACCOUNT_RULINGS),
    ("takes_two", TAKES_TWO),
    ("flag", FLAGS),
    ("act", ACTS),
    ("label", LABELS),
    ("grade", GRADES),
    ("why", WHYS),
):
    register.filter(name, lambda word, said=said: said.get(word, word))


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, for a loop."""
    return text.split()


@register.filter
def value(of: Wanted, name: str) -> str:
    """What is wanted of this name."""
    return str(getattr(of, name))


@register.simple_tag
def due(case: Case, now: datetime) -> SafeString | str:
    """How long is left, as a badge."""
    if case.state != CaseState.OPEN:
        return ""
    minutes = int((case.due_at - now).total_seconds() // 60)
    tone = "late" if minutes < 0 else "soon" if minutes < 240 else "ok"
    moment = case.due_at.isoformat()
    return format_html('<time class="due {}" datetime="{}">{}</time>', tone, moment, _span(minutes))


def _span(minutes: int) -> str:
    if minutes < 0:
        return _("%(span)s late") % {"span": _length(-minutes)}
    return _("%(span)s left") % {"span": _length(minutes)}


@register.filter
def period(length: Period) -> str:
    """A period of a law, like "6 months" or "1 hour and 30 minutes"."""
    said = (
        ngettext("%(n)d year", "%(n)d years", length.years) % {"n": length.years},
        ngettext("%(n)d month", "%(n)d months", length.months) % {"n": length.months},
        ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days},
        ngettext("%(n)d hour", "%(n)d hours", length.hours) % {"n": length.hours},
        ngettext("%(n)d minute", "%(n)d minutes", length.minutes) % {"n": length.minutes},
    )
    numbers = (length.years, length.months, length.days, length.hours, length.minutes)
    return _(" and ").join(text for text, n in zip(said, numbers, strict=True) if n)


def _length(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
