"""Why a picture is not shown to somebody: each says what she can do instead."""


class NotShown(ValueError):
    """This media may not be shown."""


class NotCleared(NotShown):
    """Your clearance, or what this deployment may do by its role and country, does not allow to look at this."""


class DecidedAlready(NotShown):
    """A person has decided on this media; it is not shown again. A complaint's reviewer gets a new copy."""


class Elsewhere(NotShown):
    """Somebody else is working on this case: nobody looks who does not have to. Take the case over if it cannot wait."""


class Rest(NotShown):
    """You have looked at much: rest now. The page “What you looked at” says from when on pictures are shown to you again."""


class TurnOver(NotShown):
    """Your turn at what is gravest is over for some days; such pictures are not shown to you. Hand the case over."""


class Known(NotShown):
    """Two people have confirmed what this resembles, and a child is shown: nobody looks again. Decide by how it was found."""


class NotForYou(NotShown):
    """This is not shown to you here. Decide by the words and facts, or hand the case over to somebody else."""


class StepByStep(NotShown):
    """Pictures are shown step by step: tiny and grey first, then blurred, then as they are. Take the step before."""


class ChildsScreenshot(NotShown):
    """A child may be concerned: what a reporter handed over is shown to nobody. Two custodians can open it."""


class NoReason(NotShown):
    """Say why you have to see all of this; a glance, while a key is held, may be enough."""


class TooLate(NotShown):
    """This address was good for one minute, and for one person. Ask to see the picture once more."""
