"""What a person may send, read kindly: nothing but the door is required, and nothing typed is lost."""

import hashlib
import json
import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from staydown.cases.actions.intake import Notice
from staydown.platforms.models import Item
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.vault.receipts import ALPHABET, NotAReceipt, Receipt

LINK = re.compile(r"https?://[^\s<>\"']{4,1900}")
MOST_LINKS = 50

# What each door says without a further question: the harm, whether a minor is shown, whether it is about the sender.
DOORS: dict[str, tuple[Harm, Tri, frozenset[Flag]]] = {
    "me": (Harm.NCII, Tri.UNKNOWN, frozenset({Flag.PERSON_SHOWN})),
    "child": (Harm.CSAM, Tri.YES, frozenset()),
    "saw": (Harm.UNSPECIFIED, Tri.UNKNOWN, frozenset()),
}


class ReportForm(forms.Form):
    """One report: a door, and whatever else the person chose to say."""

    door = forms.ChoiceField(choices=[(door, door) for door in DOORS])
    once = forms.RegexField(r"^[A-Za-z0-9_-]{22,64}$")
    minor = forms.ChoiceField(
        required=False,
        choices=[("", _("I do not know, or do not want to say")), ("no", _("No")), ("yes", _("Yes"))],
        label=_("Is anybody in the picture under 18?"),
    )
    links = forms.CharField(
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        label=_("Where is it? Paste one or more links"),
    )
    words = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        label=_("Anything you want to tell us"),
    )

    def clean_links(self) -> tuple[str, ...]:
        """Every address in what was pasted, each once."""
        return tuple(dict.fromkeys(LINK.findall(self.cleaned_data["links"])))[:MOST_LINKS]

    def notice(self, item: Item | None, language: str) -> Notice:
        """The report that this form makes. Links of registered platforms become their items; none is fetched."""
        harm, minor, flags = DOORS[self.cleaned_data["door"]]
        minor = Tri(self.cleaned_data["minor"]) if self.cleaned_data["minor"] else minor
        known, unknown = resolve(self.cleaned_data["links"])
        return Notice(
            harm=harm,
            minor=minor,
            flags=flags,
            words=self.cleaned_data["words"],
            language=language,
            items=tuple(dict.fromkeys(([item] if item else []) + known)),
            links=tuple(unknown),
        )

    def receipt(self) -> Receipt:
        """The receipt of this very form: sent twice, it opens the same report; changed in between, another one."""
        said = json.dumps([self.cleaned_data[name] for name in ("once", "door", "minor", "links", "words")])
        digest = hashlib.sha256(settings.RECEIPT_SALT + said.encode()).digest()
        return Receipt.typed("".join(ALPHABET[byte % 32] for byte in digest[:16]), settings.RECEIPT_SALT)


def resolve(links: tuple[str, ...]) -> tuple[list[Item], list[str]]:
    """The items that links name, on every platform that says so, and the links that name none."""
    items = list(Item.objects.filter(url__in=links).order_by("registered_at"))
    known = {item.url for item in items}
    return items, [link for link in links if link not in known]


class FollowForm(forms.Form):
    """The receipt, and words to add."""

    receipt = forms.CharField(
        max_length=60,
        label=_("Your code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    words = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_receipt(self) -> Receipt:
        try:
            return Receipt.typed(self.cleaned_data["receipt"], settings.RECEIPT_SALT)
        except NotAReceipt as error:
            raise forms.ValidationError(
                _("A code has 16 letters and digits in four groups. Please check what you typed.")
            ) from error
