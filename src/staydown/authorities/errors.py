"""Why a referral does not go on, in words for whoever of the staff asked."""


class ReferralError(ValueError):
    """A referral cannot go on like this."""


class NotYours(ReferralError):
    """Referrals take somebody who decides cases, cleared where a child is concerned."""


class AnotherPerson(ReferralError):
    """A different person has to file it: whoever approved the text does not file it, too."""


class WentOn(ReferralError):
    """This referral has gone on meanwhile. Load the page again to see where it stands."""


class NoWords(ReferralError):
    """Say what the authority is to know: what was found, where, and what was done about it."""


class NoReason(ReferralError):
    """Say why nobody is told: the second person and an auditor will read it."""


class NoNumber(ReferralError):
    """Write the number or the words with which the authority confirmed it, or that it confirmed nothing."""


class NotWaiting(ReferralError):
    """Files go with a report to NCMEC that is opened there and not filed, and for which somebody asked for them."""


class NoFiles(ReferralError):
    """Nothing of what this report is about is sealed as evidence. File it without files."""


class NotConnected(ReferralError):
    """No connection to this authority is set up. An operator names it in STAYDOWN_CYBERTIP."""
