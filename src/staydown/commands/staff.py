"""staydown staff add: let somebody in who decides cases."""

from argparse import ArgumentParser, Namespace

from staydown.commands.setup import add_home, django
from staydown.people.rules import OUTSIDE, Role
from staydown.site.trouble import Trouble

HELP = "let somebody in who works on cases"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="add | link")
    adding = verbs.add_parser("add", help=HELP)
    adding.add_argument("--role", required=True, choices=[role.value for role in Role if role not in OUTSIDE])
    adding.add_argument("--cleared", action="store_true", help="qualified for child-safety cases")
    linking = verbs.add_parser("link", help="a new one-time link, for somebody who lost their keys")
    for verb in (adding, linking):
        add_home(verb)
        verb.add_argument("username")


def run(args: Namespace) -> int:
    django(args.home)
    from staydown.people.models import Staff

    if "role" in args:
        create(args.username, Role(args.role), args.cleared)
    staff = Staff.objects.filter(username=args.username, is_active=True).first()
    if staff is None:
        raise Trouble(f"Nobody of the staff is called {args.username}. Add them with `staydown staff add`.")
    print(f"{args.username} comes in with this link, once, within 24 hours. Send it where only they can read it.")
    print(f"  {link(args.username)}")
    return 0


def create(username: str, role: Role, cleared: bool) -> None:
    """Add somebody. Raises `Trouble` for a name that is taken or cannot be one."""
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from staydown.people import actions
    from staydown.people.errors import NameTaken

    try:
        actions.create(username, role, cleared, timezone.now())
    except NameTaken as error:
        raise Trouble(f"{username}: {error} For a new link: `staydown staff link {username}`.") from error
    except ValidationError as error:
        raise Trouble(f"{username} cannot be a user name: {' '.join(error.messages)}") from error


def link(username: str) -> str:
    """A new one-time link for somebody who is of the staff."""
    from django.conf import settings
    from django.utils import timezone

    from staydown.people import actions
    from staydown.people.models import Staff

    token = actions.invite(Staff.objects.get(username=username), timezone.now())
    return f"{settings.APP_URL}/enter/{token}"
