"""staydown serve: the portal, the app and the worker, kept running."""

from argparse import ArgumentParser, Namespace

from staydown.commands.setup import add_home, add_places, home_of
from staydown.site import serving
from staydown.site.home import must_be_usable
from staydown.site.logs import configure
from staydown.site.supervisor import Supervisor, must_be_free

HELP = "run the portal, the app and the worker"


def add(parser: ArgumentParser) -> None:
    add_home(parser, required=True)
    add_places(parser)


def run(args: Namespace) -> int:
    configure("info")
    home = home_of(args.home)
    places = serving.Places(args.host, args.portal_port, args.app_port)
    specs = serving.programs(home, places)
    must_be_usable(home)
    for port in (places.portal_port, places.app_port):
        must_be_free(places.host, port)
    serving.prepare(home, places)
    with Supervisor(specs) as running:
        print(f"portal {places.urls['STAYDOWN_PORTAL_URL']}  app {places.urls['STAYDOWN_APP_URL']}", flush=True)
        running.watch()
    return 0
