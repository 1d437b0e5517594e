"""What an officer writes of an order, and what a flagger sends. No element is required: what is missing is named."""

from datetime import UTC
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from staydown.authority_orders import prints as fingerprints
from staydown.authority_orders.actions.receiving import Order
from staydown.authority_orders.rules import Kind, Said
from staydown.flaggers import reading
from staydown.flaggers.errors import FlagError
from staydown.flaggers.reading import Flag
from staydown.platforms import places as naming
from staydown.regimes.harms import Harm, Tri

KINDS = {
    Kind.REMOVAL: _("Remove it"),
    Kind.PRESERVATION: _("Keep it for us"),
    Kind.INFORMATION: _("Tell us something (received and kept; nothing is disclosed here)"),
}
HARMS = {
    Harm.UNSPECIFIED: _("Not yet classified"),
    Harm.CSAM: _("Child sexual abuse material"),
    Harm.GROOMING: _("Soliciting a child"),
    Harm.SEXUAL_VIOLENCE_RECORDING: _("Filmed sexual violence"),
    Harm.SEXTORTION: _("Sexual extortion"),
    Harm.NCII: _("Intimate image without consent"),
    Harm.SYNTHETIC_NCII: _("Synthetic intimate image"),
    Harm.VOYEURISM: _("Voyeurism"),
    Harm.EXPOSURE_HARASSMENT: _("Exposure or harassment"),
}
MINORS = {Tri.UNKNOWN: _("not known"), Tri.YES: _("yes"), Tri.NO: _("no")}


class Moment(forms.DateTimeField):
    """A time in UTC, which nobody has to give."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            required=False, label=label, help_text=help_text, widget=widget, input_formats=["%Y-%m-%dT%H:%M"]
        )

    def clean(self, value: Any) -> Any:
        """Aware: what is typed is UTC."""
        found = super().clean(value)
        return found.replace(tzinfo=UTC) if found else None


def _words(label: Any, rows: int = 2, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(required=False, max_length=20_000, label=label, help_text=help_text, widget=area)


class SaidForm(forms.Form):
    """The elements of articles 9 and 10."""

    legal_basis = _words(_("Legal basis of the order"))
    reasons = _words(_("Reasons, with the provision that is infringed; for information: what it is needed for"), 3)
    secret = forms.BooleanField(
        required=False, label=_("Criminal procedure keeps the reasons secret (information only)")
    )
    authority = forms.CharField(required=False, max_length=500, label=_("Authority that issues it"))
    places = _words(_("Exact addresses, one a line; accounts as @name"), 4)
    prints = _words(_("Fingerprints, one picture a line: sha256:… or pdq:…"), 2)
    redress = _words(_("Redress there is against it"))
    recipient = forms.CharField(required=False, max_length=500, label=_("Whom to tell of its effect"))
    territory = forms.CharField(required=False, max_length=200, label=_("Territory in which it applies"))
    language = forms.ChoiceField(required=False, label=_("Language of the order"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "—"), *settings.LANGUAGES]  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_places(self) -> tuple[str, ...]:
        """The addresses and names in it."""
        return naming.words(self.cleaned_data["places"])

    def clean_prints(self) -> tuple[str, ...]:
        """Each as the text that is kept."""
        try:
            return fingerprints.read(self.cleaned_data["prints"])
        except fingerprints.NotPrints as error:
            raise forms.ValidationError(_(str(error))) from error

    def said(self) -> Said:
        """The words of the order."""
        told = self.cleaned_data
        return Said(**{name: told[name] for name in Said.__slots__})


def known(said: Said) -> dict[str, Any]:
    """What a form that adds what is missing begins with: the words so far."""
    return {name: getattr(said, name) for name in said.__slots__} | {"places": "\n".join(said.places), "prints": ""}


class OrderForm(SaidForm):
    """An order: what is wanted, its words, and its times."""

    kind = forms.ChoiceField(choices=[(kind.value, words) for kind, words in KINDS.items()], label=_("What you order"))
    number = forms.CharField(required=False, max_length=120, label=_("Your number"))
    harm = forms.ChoiceField(
        required=False, choices=[(harm.value, words) for harm, words in HARMS.items()], label=_("What it is")
    )
    minor = forms.ChoiceField(
        required=False, choices=[(tri.value, words) for tri, words in MINORS.items()], label=_("Is a child shown?")
    )
    served_at = Moment(_("Served on (UTC)"), _("Empty: now. The time runs from then."))
    stated_at = Moment(_("To be done by (UTC)"), _("Where the order itself sets a time."))
    silent_until = Moment(_("The uploader is not to be told before (UTC)"), _("Where the law lets you say so."))
    keep_until = Moment(_("To be kept until (UTC)"))
    field_order = ("kind", "number", "harm", "minor")

    def order(self) -> Order:
        """The order that this form makes."""
        told = self.cleaned_data
        times = {name: told[name] for name in ("served_at", "stated_at", "silent_until", "keep_until")}
        harm, minor = Harm(told["harm"] or Harm.UNSPECIFIED), Tri(told["minor"] or Tri.UNKNOWN)
        return Order(Kind(told["kind"]), self.said(), told["number"], harm, minor, **times)


class ListForm(forms.Form):
    """A list: a table, or links pasted with one harm for all of them."""

    number = forms.CharField(required=False, max_length=120, label=_("Your number"))
    table = forms.FileField(
        required=False,
        label=_("A table (CSV)"),
        help_text=_("Columns: place, harm; if you like minor, words, mandate."),
    )
    pasted = _words(_("Or paste addresses and accounts, one a line"), 5, _("An address, @name, or platform/@name."))
    harm = forms.ChoiceField(
        required=False, choices=[(harm.value, words) for harm, words in HARMS.items()], label=_("What they are")
    )
    minor = forms.ChoiceField(
        required=False, choices=[(tri.value, words) for tri, words in MINORS.items()], label=_("Is a child shown?")
    )
    mandate = _words(_("If you act for the person shown: by which mandate"))

    def clean(self) -> dict[str, Any]:
        """`flags`: the lines; what is wrong with one is said with its number."""
        told: dict[str, Any] = super().clean() or {}
        try:
            told["flags"] = reading.table(self._text()) if told.get("table") else reading.flags(self._pasted(told))
        except (FlagError, UnicodeDecodeError) as error:
            raise forms.ValidationError(str(error)) from error
        return told

    def _text(self) -> str:
        return str(self.cleaned_data["table"].read(4 * reading.LONGEST).decode("utf-8"))

    @staticmethod
    def _pasted(told: dict[str, Any]) -> list[dict[str, str]]:
        shared = {name: told.get(name, "") for name in ("harm", "minor", "mandate")}
        return [{"place": place, **shared} for place in told.get("pasted", "").split()]

    @property
    def flags(self) -> tuple[Flag, ...]:
        found: tuple[Flag, ...] = self.cleaned_data["flags"]
        return found
