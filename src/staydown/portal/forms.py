"""What a person may send, read kindly: nothing but the door is required, and nothing typed is lost."""

import hashlib
import json
from dataclasses import replace

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staydown.cases import prints
from staydown.cases.actions.intake import Notice
from staydown.platforms.models import Account, Item
from staydown.portal.pasted import MOST, Pasted, search
from staydown.portal.questions import HELPLINE, Questions
from staydown.regimes.harms import Capacity, Flag, Harm, Tri
from staydown.vault.receipts import Receipt
from staydown.vault.spoken import NotAReceipt, Slip

# What each door says without a further question: the harm, whether a minor is shown, whether it is about the sender.
DOORS: dict[str, tuple[Harm, Tri, frozenset[Flag]]] = {
    "me": (Harm.NCII, Tri.UNKNOWN, frozenset({Flag.PERSON_SHOWN})),
    "child": (Harm.CSAM, Tri.YES, frozenset()),
    "saw": (Harm.UNSPECIFIED, Tri.UNKNOWN, frozenset()),
}
FOR_ANOTHER = (Capacity.PARENT.value, Capacity.AGENT.value, HELPLINE)


class Places(Questions):
    """Where it is, and the questions."""

    links = forms.CharField(
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        label=_("Where is it?"),
        help_text=_(
            "Paste links, account names like @name, or a whole message: we find them in it. Any site will do. "
            "We never open a link by machine."
        ),
    )

    prints = forms.CharField(required=False, max_length=prints.LONGEST, widget=forms.HiddenInput)

    def clean_prints(self) -> tuple[str, ...]:
        """Fingerprints that the device made, each as the text that is kept."""
        try:
            found = tuple(dict.fromkeys(prints.as_text(each) for each in prints.read(self.cleaned_data["prints"])))
        except prints.NotPrints as error:
            raise forms.ValidationError(
                _("Your device sent a fingerprint that we cannot read. Please choose the picture again.")
            ) from error
        return found

    def clean_links(self) -> Pasted:
        """Every address and account name in what was pasted, each once."""
        found = search(self.cleaned_data["links"])
        if len(found) > MOST:
            raise forms.ValidationError(
                _("There are more than %(most)d links. Please send some now, and the others when you have your code."),
                params={"most": MOST},
            )
        return found

    def said(self, known: Notice, item: Item | None = None) -> Notice:
        """What was answered, over what is `known` without it. Links of our platforms become their items; none is fetched."""
        said, flags = self.cleaned_data, set(known.flags)
        if said["who"] in FOR_ANOTHER:
            flags.discard(Flag.PERSON_SHOWN)
        if said["who"] == Capacity.SELF.value:
            flags.add(Flag.PERSON_SHOWN)
        if said["kind"] == Harm.SYNTHETIC_NCII:
            flags.add(Flag.SYNTHETIC)
        items, links = resolve(said["links"].links)
        accounts, names = named(said["links"].names, item)
        return replace(
            known,
            harm=Harm(said["kind"]) if said["kind"] else known.harm,
            minor=Tri(said["minor"]) if said["minor"] else known.minor,
            flags=frozenset(flags) | {Flag(flag) for flag in said["flags"]},
            capacity=_capacity(said["who"]) or known.capacity,
            words=said["words"],
            details=self.details(),
            items=tuple(dict.fromkeys(([item] if item else []) + items)),
            accounts=tuple(accounts),
            links=(*links, *names),
            prints=said["prints"],
        )


def _capacity(who: str) -> Capacity | None:
    return Capacity.AGENT if who == HELPLINE else Capacity(who) if who else None


class ReportForm(Places):
    """One report: a door, and whatever else the person chose to say."""

    door = forms.ChoiceField(choices=[(door, door) for door in DOORS])
    once = forms.RegexField(r"^[A-Za-z0-9_-]{22,64}$")

    def notice(self, item: Item | None, language: str) -> Notice:
        """The report that this form makes."""
        harm, minor, flags = DOORS[self.cleaned_data["door"]]
        return self.said(Notice(harm=harm, minor=minor, flags=flags, language=language), item)

    def receipt(self, language: str) -> Receipt:
        """The receipt of this very form: sent twice, it opens the same report; changed in between, another one."""
        said = json.dumps([[name, self[name].value()] for name in sorted(self.fields)])
        digest = hashlib.sha256(settings.RECEIPT_SALT + said.encode()).digest()
        return Receipt.drawn(digest, settings.RECEIPT_SALT, language)


def resolve(links: tuple[str, ...]) -> tuple[list[Item], list[str]]:
    """The items that links name, on every platform that says so, and the links that name none."""
    plain = {link: {link, link.partition("#")[0], link.partition("?")[0].partition("#")[0]} for link in links}
    items = list(Item.objects.filter(url__in=set().union(*plain.values())).order_by("registered_at"))
    known = {item.url for item in items}
    return items, [link for link in links if not plain[link] & known]


def named(names: tuple[str, ...], item: Item | None) -> tuple[list[Account], list[str]]:
    """The accounts that names name for certain: on the item's platform, or where one platform alone has them.

    And the names, with their @, that name none: a person finds out whose they are.
    """
    found: dict[str, list[Account]] = {}
    for account in Account.objects.filter(external_id__in=names):
        if item is None or account.platform_id == item.platform_id:
            found.setdefault(account.external_id, []).append(account)
    sure = {name: accounts[0] for name, accounts in found.items() if len(accounts) == 1}
    return list(sure.values()), [f"@{name}" for name in names if name not in sure]


QUIET = {"rows": 2, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class FollowForm(forms.Form):
    """The receipt, as somebody typed it."""

    receipt = forms.CharField(
        max_length=300,
        label=_("Your code"),
        help_text=_(
            "Seven words, in small or large letters; the first four letters of each are enough. "
            "An older code of sixteen letters and digits works, too."
        ),
        widget=forms.Textarea(attrs=QUIET),
    )

    def clean_receipt(self) -> Receipt:
        try:
            return Receipt.typed(self.cleaned_data["receipt"], settings.RECEIPT_SALT)
        except NotAReceipt as error:
            raise forms.ValidationError(where_to_look(error)) from error


class KeptForm(forms.Form):
    """How somebody kept the receipt that she was shown: typed again from what she wrote, or saved."""

    again = forms.CharField(
        required=False,
        max_length=300,
        label=_("Type the seven words here, from what you wrote down"),
        widget=forms.Textarea(attrs=QUIET),
    )
    saved = forms.BooleanField(required=False, label=_("I have a photo, a print or a copy of the seven words"))

    def __init__(self, receipt: Receipt, said: QueryDict | None = None) -> None:
        super().__init__(said)
        self.receipt = receipt

    def clean_again(self) -> str:
        """Nothing, or what reads as the receipt that is to be kept."""
        said: str = self.cleaned_data["again"]
        if not said:
            return said
        try:
            typed = Receipt.typed(said, settings.RECEIPT_SALT)
        except NotAReceipt as error:
            raise forms.ValidationError(where_to_look(error)) from error
        if typed.code != self.receipt.code:
            raise forms.ValidationError(_("These are other words than the seven above."))
        return said

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("again") and not self.cleaned_data.get("saved"):
            raise forms.ValidationError(
                _("Please keep the words first: type them again, or tick that you have a photo, a print or a copy.")
            )


def where_to_look(error: NotAReceipt) -> str:
    """What a person does about a slip in the words she typed."""
    places = {"first": error.places[0], "last": error.places[-1]} if error.places else {}
    match error.slip:
        case Slip.COUNT:
            return gettext("Your code has seven words, and here are %(count)d. Please type all seven.") % {
                "count": error.count
            }
        case Slip.UNKNOWN if len(error.places) == 1:
            return gettext("Word %(first)d is none of ours. Please look at it again.") % places
        case Slip.WORD:
            return gettext("Please look at word %(first)d again. The others seem right.") % places
        case Slip.ORDER:
            return gettext("Did words %(first)d and %(last)d change places? Please look again.") % places
        case Slip.UNKNOWN:
            return gettext("These words are none of ours: %(places)s. Please look at them again.") % {
                "places": ", ".join(str(place) for place in error.places)
            }
        case _some:
            return gettext("One of the words is not right. Please look at each of them again.")
