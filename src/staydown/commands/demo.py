"""staydown demo: Staydown and the example network Plaza on this machine, with a few pictures and three moderators."""

import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from staydown.site import demo
from staydown.site.demo_plaza import Place
from staydown.site.supervisor import free_port

HELP = "run everything on this machine, to look at"


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--story", action="store_true", help="play the first journey by itself, in a fresh folder")


def run(args: Namespace) -> int:
    if not args.story:
        return demo.stay(Place.from_environment())
    with tempfile.TemporaryDirectory(prefix="staydown-story-") as folder:
        return demo.play(Place(Path(folder), free_port(), free_port(), free_port()))
