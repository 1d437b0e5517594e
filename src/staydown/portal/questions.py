"""The few questions that a person may answer, before a report is sent or any day after. Each may be left out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staydown.cases.details import YES, Detail
from staydown.regimes import notices
from staydown.regimes.harms import Capacity, Flag, Harm
from staydown.regimes.notices import Element, Wanted

KINDS = {
    Harm.NCII: _("A real intimate picture or film was shared"),
    Harm.SEXTORTION: _("Someone threatens to share one, or wants money or more pictures"),
    Harm.SYNTHETIC_NCII: _("It was made with a computer: the face is real, the rest is not"),
    Harm.VOYEURISM: _("It was filmed in secret"),
    Harm.SEXUAL_VIOLENCE_RECORDING: _("An assault was filmed"),
    Harm.CSAM: _("A child is shown naked or in something sexual"),
    Harm.GROOMING: _("A grown-up asks a child for pictures, for sex, or to meet"),
    Harm.EXPOSURE_HARASSMENT: _("Someone’s name, address or number was put with it, or they are being hunted"),
}
OF_DOOR = {
    "me": (Harm.NCII, Harm.SEXTORTION, Harm.SYNTHETIC_NCII, Harm.VOYEURISM, Harm.SEXUAL_VIOLENCE_RECORDING,
           Harm.EXPOSURE_HARASSMENT),
    "child": (Harm.CSAM, Harm.GROOMING, Harm.SEXTORTION, Harm.SYNTHETIC_NCII, Harm.SEXUAL_VIOLENCE_RECORDING,
              Harm.EXPOSURE_HARASSMENT),
}  # fmt: skip
HELPLINE = "helpline"
FOR_WHOM = {
    "": _("I would rather not say"),
    Capacity.SELF.value: _("Myself"),
    Capacity.PARENT.value: _("My child, or a child I look after"),
    Capacity.AGENT.value: _("Someone who asked me to"),
    HELPLINE: _("Someone who called our helpline"),
}
SITUATION = {
    Flag.IMMINENT_DANGER: _("Someone is in danger now"),
    Flag.LIVE: _("It is being shown live, right now"),
    Flag.VIRAL: _("Very many people are passing it on"),
    Flag.THREAT_ONLY: _("So far it is only a threat: nothing was shared yet"),
    Flag.COMMERCIAL: _("Someone earns money with it"),
    Flag.SELF_GENERATED: _("The person shown made it, alone and for themselves or one other person"),
}
_QUIET = {"autocomplete": "off", "spellcheck": "false"}


def _ticked(label: Any) -> forms.BooleanField:
    return forms.BooleanField(required=False, label=label)


def _line(label: Any, why: Any, longest: int = 200) -> forms.CharField:
    widget = forms.TextInput(attrs=_QUIET)
    return forms.CharField(required=False, max_length=longest, label=label, help_text=why, widget=widget)


class Questions(forms.Form):
    """What a person chose to answer. `help_text` says why we ask."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        required=False,
        choices=[("", _("None of these, or I do not know")), *((kind.value, text) for kind, text in KINDS.items())],
        widget=forms.RadioSelect,
        label=_("What kind is it?"),
        help_text=_("We ask because some kinds must be dealt with faster by law. A wrong guess does no harm."),
    )
    minor = forms.ChoiceField(
        required=False,
        choices=[("", _("I do not know, or do not want to say")), ("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        label=_("Is anybody in the picture under 18?"),
        help_text=_("We ask because a child's picture is seen only by people trained for it."),
    )
    who = forms.ChoiceField(
        required=False,
        choices=list(FOR_WHOM.items()),
        widget=forms.RadioSelect,
        label=_("Who are you reporting for?"),
        help_text=_("We ask because what is reported by the person shown, or for them, is hidden at once."),
    )
    flags = forms.MultipleChoiceField(
        required=False,
        choices=[(flag.value, text) for flag, text in SITUATION.items()],
        widget=forms.CheckboxSelectMultiple,
        label=_("What is true?"),
        help_text=_("We ask so that the right people look first. Nothing you tick is ever held against you."),
    )
    since = _line(_("Since when, about?"), _("We ask because it helps to find who shared it first."))
    police = _line(
        _("Number of your report to the police, if there is one"),
        _("We ask so that the police find what we keep for them. You do not need one."),
    )
    words = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        label=_("Anything you want to tell us"),
        help_text=_(
            "You can also paste messages here. Only the people who work on your report can read it, and you with your code."
        ),
    )
    formal = _ticked(_("Make this a formal legal request"))
    not_agreed = _ticked(_("The person shown did not agree to its being shared"))
    good_faith = _ticked(_("I believe that what I say here is true and complete"))
    declares = _ticked(_("It is an intimate image, and I am the person shown or act for them"))
    contact = _line(_("Name and e-mail address, or another way to reach you"), "", 300)
    signature = _line(_("Your signature: type your name, or the name you use"), "")

    @property
    def law(self) -> list[tuple[forms.BoundField, tuple[Wanted, ...]]]:
        """Each field of the formal request with the articles that want it."""
        wanted = (Element.NOT_AGREED, Element.GOOD_FAITH, Element.DECLARES, Element.CONTACT, Element.SIGNATURE)
        return [(self[element.value], notices.wanted(element)) for element in wanted]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """(heading, fields, whether something in it was answered) of the questions, formal ones apart."""
        told = (
            (_("What kind it is"), ("kind",)),
            (_("Who it is about"), ("minor", "who")),
            (_("If it is urgent, or special"), ("flags",)),
            (_("Dates and numbers"), ("since", "police")),
            (_("In your own words"), ("words",)),
        )
        return [(heading, [self[name] for name in names], self._answered(names)) for heading, names in told]

    def _answered(self, names: tuple[str, ...]) -> bool:
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def wants_formal(self) -> bool:
        return self._answered(("formal", *(element.value for element in Element if element.value in self.fields)))

    def bend(self, door: str) -> None:
        """Offer the kinds that fit a door first, and leave the others out; an answer of any kind is taken."""
        if fitting := OF_DOOR.get(door):
            shown = [("", _("None of these, or I do not know")), *((kind.value, KINDS[kind]) for kind in fitting)]
            self.fields["kind"].widget.choices = shown

    def details(self) -> dict[Detail, str]:
        """The answers that are kept sealed with the words."""
        said = self.cleaned_data
        ticked = (Detail.FORMAL, Detail.NOT_AGREED, Detail.GOOD_FAITH, Detail.DECLARES)
        told = {detail: YES if said[detail.value] else "" for detail in ticked}
        told |= {
            detail: said[detail.value] for detail in (Detail.SINCE, Detail.POLICE, Detail.CONTACT, Detail.SIGNATURE)
        }
        return told | {Detail.HELPLINE: YES if said["who"] == HELPLINE else ""}
