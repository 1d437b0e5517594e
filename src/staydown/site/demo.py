"""The demo: the three programs, the example network Plaza beside them, and somebody to sign in as."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from staydown.commands import staff
from staydown.commands.setup import django
from staydown.people.rules import Role
from staydown.site import custodians, demo_plaza, home, logs, serving
from staydown.site.demo_plaza import CHECKOUT, Place
from staydown.site.supervisor import Supervisor, must_be_free
from staydown.site.trouble import Trouble

STORY = CHECKOUT / "examples" / "story.py"
CUSTODIANS = "custodians"  # beside data and keys: no program is told of this folder
STAFF = {
    "mina": (Role.MODERATOR, True, "moderator, cleared for child-safety cases"),
    "tomas": (Role.LEAD, True, "lead, cleared for child-safety cases"),
    "ola": (Role.MODERATOR, False, "moderator, not cleared"),
}
ALSO = {
    "STAYDOWN_DEMO": "1",
    "STAYDOWN_HELPLINES": "read",
    "STAYDOWN_OUTSIDE_ALLOW": "http://127.0.0.0/8",
    "STAYDOWN_LOG_LEVEL": "warning",
}
PLAYED = ALSO | {"STAYDOWN_UNDO": "0"}  # nobody in the story makes a mistake: it does not wait for one


@dataclass(frozen=True, slots=True)
class Urls:
    """Where everything is, and one sign-in link for each member of the staff."""

    plaza: str
    portal: str
    console: str
    sign_in: Mapping[str, str]


def stay(place: Place) -> int:
    """Run until Ctrl-C."""
    running, urls = _start(place)
    with running as programs:
        if not programs.over.is_set():
            demo_plaza.seed(place)
            _print(place, urls)
        programs.watch()
    print("Stopped.")
    return 0


def play(place: Place) -> int:
    """Run the story once; 0 only when every step of it really happened."""
    if not STORY.exists():
        raise Trouble(f"{STORY} is missing. The story is played in a checkout of the repository.")
    running, urls = _start(place, PLAYED)
    with ThreadPoolExecutor(1) as stage, running as programs:  # the programs stop first: the story then ends, too
        told = stage.submit(_story(), urls)
        programs.watch(until=told.done)
        if not told.done():
            return 1
        if error := told.exception():
            print(f"\nThe story failed: {type(error).__name__}: {error}", file=sys.stderr)
            print(place.output.read_text(encoding="utf-8")[-4000:], file=sys.stderr)
            return 1
    return 0


def _story() -> Callable[[Urls], None]:
    spec = importlib.util.spec_from_file_location("story", STORY)
    if spec is None or spec.loader is None:
        raise Trouble(f"{STORY} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["story"] = module
    spec.loader.exec_module(module)
    story: Callable[[Urls], None] = module.play
    return story


def _start(place: Place, also: Mapping[str, str] = ALSO) -> tuple[AbstractContextManager[Supervisor], Urls]:
    """Everything made and prepared, ready to be started."""
    if not demo_plaza.PROGRAM.exists():
        raise Trouble(f"{demo_plaza.PROGRAM} is missing. The demo runs in a checkout of the repository.")
    for port in (place.portal_port, place.app_port, place.plaza_port):
        must_be_free("127.0.0.1", port)
    if not place.home.is_made():
        home.create(place.home, "platform", "FR", also={**also, **custodians.named(place.folder / CUSTODIANS)})
    home.must_be_usable(place.home)
    serving.prepare(place.home, place.places)
    django(place.folder, places=place.places)
    logs.configure("warning")
    plaza = demo_plaza.spec(place)
    portal, console = place.places.urls.values()
    urls = Urls(place.plaza, portal, console, _staff())
    _let_go_of_the_database()
    specs = serving.programs(place.home, place.places, place.output)
    return Supervisor([*specs, plaza]), urls


def _let_go_of_the_database() -> None:
    from django.db import connections

    connections.close_all()


def _staff() -> dict[str, str]:
    """A fresh link for each; they are added at the first start."""
    from staydown.people.models import Staff

    there = set(Staff.objects.values_list("username", flat=True))
    for name, (role, cleared, _) in STAFF.items():
        if name not in there:
            staff.create(name, role, cleared)
    return {name: staff.link(name) for name in STAFF}


def _print(place: Place, urls: Urls) -> None:
    people = "\n".join(f"    {name:<7}{about:<44}{urls.sign_in[name]}" for name, (_, _, about) in STAFF.items())
    kept = place.folder / CUSTODIANS
    print(
        PAGE.format(
            plaza=urls.plaza, portal=urls.portal, console=urls.console, people=people, log=place.output, kept=kept
        ),
        flush=True,
    )


PAGE = """
  Staydown runs on this machine, and nothing leaves it.

    Plaza, a small social network it protects    {plaza}/
    Where people report, and follow a report     {portal}/
    Where moderators decide                      {console}/

  Sign in to decide; each link opens once:
{people}

  Evidence is sealed to four made-up custodians. Their private keys lie in {kept},
  for you to try `staydown evidence`; the programs are not told of them. In earnest they never come near a server.

  Try it: join Plaza, open a post, report it. It is hidden before anyone has looked; mina then decides.
  Ctrl-C stops everything and keeps the data. What the programs say stands in {log}
"""
