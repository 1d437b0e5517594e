"""What holds and destructions refuse."""


class RetentionError(ValueError):
    """This cannot be done to what is kept."""


class NotSenior(RetentionError):
    """This takes a lead or a custodian, cleared where a child is concerned; only a lead ends a hold."""


class NoReason(RetentionError):
    """Say why: which proceeding, whose request, or what the schedule leaves open."""


class Past(RetentionError):
    """That day is over. A preservation ends on a day to come."""


class AlreadyLifted(RetentionError):
    """This hold was lifted before."""


class AnotherPerson(RetentionError):
    """A different person has to agree: nobody destroys anything alone."""


class AlreadyAnswered(RetentionError):
    """Somebody has answered this already, or a hold stopped it. Propose again if it is still meant."""


class UnderWay(RetentionError):
    """A destruction of this is proposed or under way already. `staydown retention list` shows it."""


class NotOver(RetentionError):
    """This case is not decided, or was opened again: nothing of it is destroyed."""


class IsHeld(RetentionError):
    """A legal hold or an authority's preservation keeps this case. Nothing of it is destroyed before that ends."""


class MustBeKept(RetentionError):
    """A law wants this kept longer. `staydown retention plan --all` says which, and until when."""


class ReleaseUnderWay(RetentionError):
    """A release of this case's evidence is proposed, or agreed and not yet packed. Finish or decline it first."""


class NothingThere(RetentionError):
    """There is nothing of this kind left in this case."""
