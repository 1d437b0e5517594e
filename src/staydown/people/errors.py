"""What can go wrong when a member of the staff comes in."""


class PeopleError(ValueError):
    """A member of the staff could not do this."""


class LinkSpent(PeopleError):
    """This link has been used already, or it is too old. Ask the person who sent it for a new one."""


class NameTaken(PeopleError):
    """Somebody has this user name already. Choose another one."""
