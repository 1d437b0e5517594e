"""How the desk, and the console of it, say kinds and states of orders, elements, and what became of a flag."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()
WORDS = {
    "removal": _("to remove"),
    "preservation": _("to keep"),
    "information": _("for information"),
    "incomplete": _("something is missing"),
    "received": _("received, binding"),
    "executed": _("carried out"),
    "answered": _("carried out, effect told"),
    "refused": _("not carried out"),
    "revoked": _("revoked"),
    "impostor": _("not the authority's: undone"),
    "desk": _("by the desk, with a passkey"),
    "key": _("by the organisation's program"),
    "hand": _("by letter, mail or telephone"),
    "proposed": _("proposed"),
    "admitted": _("admitted"),
    "ended": _("ended"),
    "authority": _("authority"),
    "flagger": _("trusted flagger"),
    "confirmed": _("they know of it"),
    "denied": _("they know nothing of it"),
    "unreached": _("nobody answered"),
    "passkey": _("a registered officer's passkey"),
    "call_back": _("called back"),
}
ELEMENTS = {
    "legal_basis": _("the legal basis (art. 9(2)(a)(i), 10(2)(a)(i))"),
    "reasons": _("the reasons, with the provision infringed or what it is needed for (art. 9(2)(a)(ii), 10(2)(a)(iv))"),
    "authority": _("the issuing authority (art. 9(2)(a)(iii), 10(2)(a)(ii))"),
    "place": _("the exact addresses, or which account (art. 9(2)(a)(iv), 10(2)(a)(iii))"),
    "redress": _("the redress there is (art. 9(2)(a)(v), 10(2)(a)(v))"),
    "recipient": _("whom to tell of the effect (art. 9(2)(a)(vi), 10(2)(a)(vi))"),
    "territory": _("the territory (art. 9(2)(b))"),
    "language": _("a language that we declared (art. 9(2)(c), 10(2)(c))"),
}
BECAME = {
    "taken": _("written down"),
    "waits": _("waits for a person"),
    "hidden": _("hidden, waits for a person"),
    "removed": _("removed"),
    "limited": _("account limited"),
    "left": _("left, as a person decided"),
    "gone": _("gone"),
    "elsewhere": _("on no platform protected here: its host is told"),
}
for name, words in (("desk", WORDS), ("element", ELEMENTS), ("became", BECAME)):
    register.filter(name, lambda word, words=words: words.get(str(word), word))
