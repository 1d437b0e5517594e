"""Harms, states, rulings and the other words of a closed list, in the reviewer's language."""

from django.utils.translation import gettext_lazy

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
TRIS = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no"), "unknown": gettext_lazy("not known")}
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
PIECES = {
    "item": gettext_lazy("original of a post"),
    "check": gettext_lazy("stopped upload"),
    "page": gettext_lazy("text around a post"),
    "report": gettext_lazy("what a reporter wrote"),
    "addition": gettext_lazy("what a reporter added"),
    "screenshot": gettext_lazy("screenshot that a reporter handed over"),
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
