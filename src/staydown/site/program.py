"""What a child of the supervisor runs: `python -m staydown.site.program web HOST PORT`, or `prepare`, or `work`."""

import signal
import sys
import threading
from contextlib import suppress
from types import FrameType


def web(host: str, port: int) -> None:
    """Serve the program of DJANGO_SETTINGS_MODULE: one process, four threads (stack.md, section 1: WSGI)."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from staydown.site import wsgi

    server = Server(
        "staydown.site.wsgi:load",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=8,
    )
    server.serve(target_loader=wsgi.load, wrap_loader=False)


def work() -> None:
    """Keep promises until the process is asked to stop, then finish what runs."""
    import django

    django.setup()
    from django.db import Error

    from staydown.journal import sending
    from staydown.promises import worker

    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    worker.work(stop, threads=4)
    with suppress(Error):  # the database is away: what is not signed now is signed at the next start
        sending.close()


def prepare() -> None:
    """Bring the database's tables up to date; where they are, that is one look."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    made = settings.CACHES["default"]["LOCATION"] in connection.introspection.table_names()
    if made and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["web", host, port]:
            web(host, int(port))
        case ["work"]:
            work()
        case ["prepare"]:
            prepare()
        case _:
            sys.exit(__doc__)
