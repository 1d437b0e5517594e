"""Django, set up with the app's settings of one deployment."""

import os
from argparse import ArgumentParser
from pathlib import Path

from staydown.site.home import Home
from staydown.site.options.declaration import Program
from staydown.site.serving import Places, environment


def add_home(parser: ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        "--home",
        type=Path,
        required=required,
        help="the deployment's folder; without it the environment counts",
    )


def add_places(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on, behind a proxy that ends TLS")
    parser.add_argument("--portal-port", type=int, default=8700)
    parser.add_argument("--app-port", type=int, default=8701)


def home_of(path: Path) -> Home:
    return Home(path.expanduser().resolve())


def django(path: Path | None, program: Program = Program.APP, places: Places | None = None) -> None:
    """Set up Django as `program` of the deployment at `path`, or as the environment says."""
    if path is not None:
        os.environ.update(environment(home_of(path), program, (places or Places()).urls))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"staydown.site.settings.{program.value}")
    import django as framework

    framework.setup()
