"""Why a decision is refused; the docstring is what the person reads."""


class AlreadyDecided(ValueError):
    """Somebody else has decided this case meanwhile. Reload it to see what was decided."""


class NotComplete(ValueError):
    """A decision needs a ruling for every post, the provision it rests on, your reasons, and an answer to the reporter."""


class NotOffered(ValueError):
    """This deployment does not offer such a ruling for this harm. Choose another one, or ask who runs it."""


class NotExplained(ValueError):
    """What is removed, labelled or restricted has to be explained to whom it belongs. Write what the uploader is told."""


class SecondPersonNeeded(ValueError):
    """A different person, cleared for it, has to agree with or decline this proposal."""


class DecideFirst(SecondPersonNeeded):
    """A child is concerned, and nobody has decided yet. Decide the case first, with a second person; then this goes back."""


class NotCleared(ValueError):
    """Only moderators and leads decide, and only those cleared for child safety where a child is concerned."""


class NotPutBack(NotCleared):
    """This is not yours to put back. Leave it as it is, or hand the case over to somebody else."""


class SomebodyElse(ValueError):
    """Your decision is contested: somebody else has to decide this case now."""


class TooLate(ValueError):
    """This decision is carried out already, or somebody undid it before you. Reload the case to see."""


class NobodyElse(ValueError):
    """This takes two people, and nobody else here could agree. Have one named: `staydown staff add NAME --cleared`."""


class NoReason(ValueError):
    """Say why you do not agree: whoever proposed it has to decide again."""


class OrderedDown(ValueError):
    """An authority ordered a post of this removed, and its order stands. Remove it, or have the authority revoke its order."""
