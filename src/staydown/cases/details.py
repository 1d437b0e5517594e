"""What a reporter may tell besides words: short answers, each of which nobody has to give. Sealed like the words."""

import json
from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Detail(StrEnum):
    HELPLINE = "helpline"  # sent by a helpline for somebody
    SINCE = "since"
    POLICE = "police"
    FORMAL = "formal"  # the reporter makes this a formal legal request
    NOT_AGREED = "not_agreed"
    GOOD_FAITH = "good_faith"
    DECLARES = "declares"
    CONTACT = "contact"
    SIGNATURE = "signature"
    MANDATE = "mandate"  # a trusted flagger acts for the person shown


YES = "yes"
LABELS = {
    Detail.HELPLINE: _("Sent by a helpline"),
    Detail.SINCE: _("Since when"),
    Detail.POLICE: _("Number of the report to the police"),
    Detail.FORMAL: _("A formal legal request"),
    Detail.NOT_AGREED: _("The person shown did not agree"),
    Detail.GOOD_FAITH: _("Stated in good faith"),
    Detail.DECLARES: _("Declared: an intimate image, by the person shown or for them"),
    Detail.CONTACT: _("How to reach the reporter"),
    Detail.SIGNATURE: _("Signed"),
    Detail.MANDATE: _("Acts for the person shown, by this mandate"),
}


def pack(details: Mapping[Detail, str]) -> str:
    """The answers that were given, as text to be sealed; nothing where there is none."""
    given = {detail.value: text for detail, text in details.items() if text}
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def unpack(text: str) -> dict[Detail, str]:
    """What `pack` wrote."""
    return {Detail(name): said for name, said in json.loads(text).items()} if text else {}
