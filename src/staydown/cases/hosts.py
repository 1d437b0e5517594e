"""What whoever hosts something elsewhere is told, for a person to send: nothing is sent by machine (decision 14).

One text that is a notice under EU law (DSA, art. 16(2)), a request under the US TAKE IT DOWN Act (section 3(a)(1)(B)) and a
report under the UK's Online Safety Act (section 10(3A)), of what the reporter gave for a formal request. Her own words are
not in it: they may say who she is.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from staydown.cases.details import Detail


def notice(link: str, harm: str, told: Mapping[Detail, str], contact: str) -> str:
    """The notice about one link, of a harm in plain words; `contact` is where this service is written to."""
    lines = [
        _("To the service that hosts this"),
        _("Where it is: %(link)s") % {"link": link},
        _("What it is: %(harm)s. We ask you to remove it and its copies, and to keep it down.") % {"harm": harm},
        _(
            "This is a notice under article 16 of Regulation (EU) 2022/2065, and, where they bind you, a request under "
            "section 3 of the TAKE IT DOWN Act (US) and a report under the Online Safety Act (UK)."
        ),
        *_formal(told),
        _("Please do not show or pass on what this is about, and tell us what you decided."),
    ]
    return "\n\n".join([*lines, *([_("Answer to: %(contact)s") % {"contact": contact}] if contact else [])])


def _formal(told: Mapping[Detail, str]) -> list[str]:
    """What the reporter declared; nothing where it is no formal request."""
    if Detail.FORMAL not in told:
        return []
    said = {
        Detail.NOT_AGREED: _("The person shown did not agree to its being published."),
        Detail.DECLARES: _(
            "The person who reported it to us declares that it is an intimate image, "
            "and to be the person shown or to act for them."
        ),
        Detail.GOOD_FAITH: _("The person who reported it believes in good faith that this is accurate and complete."),
    }
    lines = [text for detail, text in said.items() if detail in told]
    if signature := told.get(Detail.SIGNATURE):
        lines.append(_("Signed: %(name)s") % {"name": signature})
    return lines
