"""An authority's program, a flagger's, a person of the staff and a platform at work, each step where it is not taken yet."""

from contextlib import suppress

from staydown.authority_orders import tasks
from staydown.authority_orders.actions import executing, receiving, undoing
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind, OrderState, Said
from staydown.flaggers import actions as flagging
from staydown.flaggers import tasks as lists
from staydown.flaggers.reading import Flag
from staydown.organisations.models import Organisation
from staydown.people.models import Staff
from staydown.platforms.actions.ordering import confirm
from staydown.platforms.actions.registering import Registration, register
from staydown.platforms.models import Item, Platform
from staydown.platforms.rules import OPEN_ORDER, Outcome
from staydown.promises.errors import Later
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.desk.outside import SAID

FLAGS = 4
WORDS = "A court ordered your post removed."


def posts(platform: Platform, number: int) -> None:
    """One post to be ordered down, one to be ordered down and back, and those to be flagged; without pictures."""
    for name in ("down", "back", *(f"flag-{place}" for place in range(FLAGS))):
        facts = Registration(f"{name}-{number}", _url(name, number), f"{name}-{number}", people.NOW, "everyone", None)
        register(platform, facts, people.NOW)


def shift(number: int) -> None:
    """Everybody does what is left to do about one number's posts."""
    mina, court = Staff.objects.get(username="mina"), Organisation.objects.get(kind="authority")
    _ordered(number, court, mina)
    _taken_back(number, court, mina)
    flags = [Flag(_url(f"flag-{place}", number), Harm.NCII, Tri.NO) for place in range(FLAGS)]
    row = flagging.send(flags, Organisation.objects.get(kind="flagger"), people.NOW, number=f"L-{number}")
    lists.take_in(str(row.pk))


def _ordered(number: int, court: Organisation, mina: Staff) -> None:
    """Sent with something missing, completed, carried out, confirmed, answered, and the uploader told."""
    row = _sent(number, "down", (), court)
    if row.state == OrderState.INCOMPLETE:
        row = receiving.complete(row, Said(**SAID, places=(_url("down", number),)), "test", people.NOW)
    if row.state == OrderState.RECEIVED:
        executing.execute(row, WORDS, mina, people.NOW)
    for order in Item.objects.get(external_id=f"down-{number}").orders.filter(state__in=OPEN_ORDER):
        confirm(order, Outcome.APPLIED, people.NOW)
    executing.look(row, people.NOW)
    for notice in row.notices.filter(told_at=None):
        with suppress(Later):
            tasks.push_notice(str(notice.pk))
        executing.uploader_told(notice, people.NOW)


def _taken_back(number: int, court: Organisation, mina: Staff) -> None:
    before = AuthorityOrder.objects.filter(number=f"back-{number}").first()
    row = before or _sent(number, "back", (_url("back", number),), court)
    if row.state == OrderState.RECEIVED:
        executing.execute(row, WORDS, mina, people.NOW)
    if row.state != OrderState.REVOKED:
        undoing.revoke(row, "test", people.NOW)


def _sent(number: int, name: str, places: tuple[str, ...], court: Organisation) -> AuthorityOrder:
    told = Order(Kind.REMOVAL, Said(**SAID, places=places), f"{name}-{number}", Harm.NCII, Tri.NO)
    return receiving.receive(told, Sender(court), people.NOW)


def _url(name: str, number: int) -> str:
    return f"http://127.0.0.1:9/posts/{name}-{number}"
