"""What a moderator sends, read into proposals."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from staydown.cases.actions.deciding import Proposal
from staydown.cases.rules import Ground, Ruling
from staydown.platforms.models import Item

LONG = {"rows": 4}


class RulingForm(forms.Form):
    """One decision: a ruling for each item, the ground, and the words."""

    ground = forms.ChoiceField(
        choices=[(Ground.LAW.value, _("the law")), (Ground.RULES.value, _("the platform's rules"))],
        initial=Ground.LAW.value,
        label=_("Ground"),
    )
    provision = forms.CharField(max_length=200, label=_("Provision (article or rule)"))
    reasons = forms.CharField(
        max_length=10_000, widget=forms.Textarea(attrs=LONG), label=_("Facts and reasons (for the file)")
    )
    answer = forms.CharField(
        max_length=10_000, widget=forms.Textarea(attrs=LONG), label=_("Answer to the people who reported")
    )

    def __init__(self, items: list[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(choices=RULINGS, widget=forms.RadioSelect)

    def proposal(self) -> Proposal:
        """The proposal that a valid form makes."""
        said = self.cleaned_data
        return Proposal(
            rulings={item.pk: Ruling(said[f"item-{item.pk}"]) for item in self.items},
            ground=Ground(said["ground"]),
            provision=said["provision"],
            reasons=said["reasons"],
            answer=said["answer"],
        )


RULINGS = [
    (Ruling.REMOVE.value, _("Remove it and every copy, and keep it down")),
    (Ruling.ONCE.value, _("Remove this one post and bank nothing: copies of it are not found")),
    (Ruling.KEEP.value, _("No action: leave it up, or put it back")),
    (Ruling.LABEL.value, _("Put it back with a warning")),
]


class CopiesForm(forms.Form):
    """Which held copies are meant, and what is done with them."""

    act = forms.ChoiceField(choices=[("remove", ""), ("release", "")])
    copy = forms.TypedMultipleChoiceField(coerce=UUID, required=True)

    def __init__(self, ids: list[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["copy"]
        if isinstance(choice, forms.TypedMultipleChoiceField):
            choice.choices = [(str(each), "") for each in ids]
