"""What can go wrong when somebody from outside is let in."""


class OrganisationError(ValueError):
    """This could not be done with an organisation."""


class NotYours(OrganisationError):
    """Your role does not propose or admit organisations. Ask a moderator, a senior or the lead."""


class NotComplete(OrganisationError):
    """An organisation has a name, a country of two letters, a telephone number and where you found it. Never take the number
    from what they sent.
    """


class AnotherPerson(OrganisationError):
    """A different person has to admit whom you proposed."""


class NotCalled(OrganisationError):
    """Nobody has called the organisation's own number and asked for this person yet. Call first, then note it."""


class TooLong(OrganisationError):
    """Nobody is in the register for more than a year, nor until a day that is over. Choose an earlier day; renew it then."""


class WentOn(OrganisationError):
    """Somebody else went on with it meanwhile. Look at it again."""


class NotAdmitted(OrganisationError):
    """This organisation is not admitted, or its time is over. Two people of the staff verify it anew."""
