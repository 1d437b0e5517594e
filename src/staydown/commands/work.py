"""staydown work: keep promises; `serve` starts one, more may run beside it or on other machines."""

import os
from argparse import ArgumentParser, Namespace

from staydown.commands.setup import add_home, home_of
from staydown.site import key_files, serving
from staydown.site.options.declaration import Program

HELP = "run a worker only"


def add(parser: ArgumentParser) -> None:
    add_home(parser)


def run(args: Namespace) -> int:
    if args.home:
        key_files.must_be_settled(home_of(args.home))
        os.environ.update(serving.environment(home_of(args.home), Program.WORKER, serving.Places().urls))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staydown.site.settings.worker")
    from staydown.site import program

    program.work()
    return 0
