"""What a moderator sends, read into proposals."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staydown.cases import linting, templates
from staydown.cases.actions.deciding import Proposal
from staydown.cases.actions.refusals import NotExplained
from staydown.cases.actions.stating import NotToBeSent
from staydown.cases.consequences import of_account
from staydown.cases.linting import Kind
from staydown.cases.rules import AccountRuling, Ground, Ruling
from staydown.platforms.models import Account, Item
from staydown.platforms.rules import AccountState

LONG = {"rows": 4}


class RulingForm(forms.Form):
    """One decision: a ruling for each item, the ground, and the words."""

    ground = forms.ChoiceField(
        choices=[(Ground.LAW.value, _("the law")), (Ground.RULES.value, _("the platform's rules"))],
        initial=Ground.LAW.value,
        label=_("Ground"),
    )
    provision = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"list": "provisions"}), label=_("Provision (article or rule)")
    )
    reasons = forms.CharField(
        max_length=10_000, widget=forms.Textarea(attrs=LONG), label=_("Facts and reasons (for the file)")
    )
    answer = forms.CharField(
        max_length=10_000, widget=forms.Textarea(attrs=LONG), label=_("Answer to the people who reported")
    )

    statement = forms.CharField(
        max_length=10_000,
        required=False,  # where nothing is restricted, there is nothing to explain
        widget=forms.Textarea(attrs=LONG),
        label=_("What the uploader is told (nothing of who reported)"),
    )

    def __init__(
        self, items: list[Item], accounts: list[Account], hidden: frozenset[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.accounts = items, accounts
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(
                choices=[choice for choice in RULINGS if choice[0] not in hidden], widget=forms.RadioSelect
            )
        for account in accounts:
            self.fields[f"account-{account.pk}"] = forms.ChoiceField(
                choices=[one for one in ACCOUNT_RULINGS if one[0] not in hidden and _possible(one[0], account)],
                widget=forms.RadioSelect,
                initial=AccountRuling.LEAVE.value,
                required=False,  # who says nothing of an account leaves it as it is
            )

    def clean_answer(self) -> str:
        """The answer, unless it is a template as it was, or a gap of one is left in it; what was typed is not lost."""
        answer: str = self.cleaned_data["answer"]
        try:
            templates.check(answer)
        except templates.Unedited as refusal:
            raise forms.ValidationError(gettext(str(refusal))) from refusal
        if gap := linting.GAP.search(answer):
            raise forms.ValidationError(_("Fill in what stands in brackets: %(gap)s") % {"gap": gap.group()})
        return answer

    def refuse(self, refusal: ValueError) -> None:
        """Say at its place why what was written cannot be decided so."""
        if isinstance(refusal, NotToBeSent):
            found = "; ".join(f"{KINDS[each.kind]}: {each.text}" for each in refusal.found)
            self.add_error("statement", f"{gettext(str(refusal))} {found}")
        else:
            self.add_error("statement" if isinstance(refusal, NotExplained) else None, gettext(str(refusal)))

    def proposal(self) -> Proposal:
        """The proposal that a valid form makes."""
        said = self.cleaned_data
        return Proposal(
            rulings={item.pk: Ruling(said[f"item-{item.pk}"]) for item in self.items},
            ground=Ground(said["ground"]),
            provision=said["provision"],
            reasons=said["reasons"],
            answer=said["answer"],
            statement=said["statement"],
            accounts={
                account.pk: AccountRuling(said[f"account-{account.pk}"] or AccountRuling.LEAVE)
                for account in self.accounts
            },
        )


RULINGS = [
    (Ruling.REMOVE.value, _("Remove it and every copy, and keep it down")),
    (Ruling.ONCE.value, _("Remove this one post and bank nothing: copies of it are not found")),
    (Ruling.KEEP.value, _("No action: leave it up, or put it back")),
    (Ruling.LABEL.value, _("Put it back with a warning")),
]


KINDS = {
    Kind.GAP: _("not filled in"),
    Kind.WORDS: _("the reporter's own words"),
    Kind.NAME: _("a name"),
    Kind.LINK: _("a link"),
    Kind.CONTACT: _("a contact"),
}
ACCOUNT_RULINGS = [
    (AccountRuling.LEAVE.value, _("Leave the account as it is")),
    (AccountRuling.RESTRICT.value, _("Restrict: it can publish nothing")),
    (AccountRuling.SUSPEND.value, _("Suspend: it is closed until somebody reinstates it")),
    (AccountRuling.END.value, _("End it for good")),
    (AccountRuling.REINSTATE.value, _("Reinstate it")),
]


def _possible(ruling: str, account: Account) -> bool:
    """Whether a ruling would change the account, or leaves it."""
    one = AccountRuling(ruling)
    return one is AccountRuling.LEAVE or of_account(one, AccountState(account.state)) is not None


class CopiesForm(forms.Form):
    """Which held copies are meant, and what is done with them."""

    act = forms.ChoiceField(choices=[("remove", ""), ("release", "")])
    copy = forms.TypedMultipleChoiceField(coerce=UUID, required=True)

    def __init__(self, ids: list[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["copy"]
        if isinstance(choice, forms.TypedMultipleChoiceField):
            choice.choices = [(str(each), "") for each in ids]
