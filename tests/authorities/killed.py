"""People, a worker and custodians at one case, in a process of its own, to be killed: `… DATABASE ADDRESS FOLDER`, then a case
each line. FOLDER holds what is sealed, and the custodians' room.

Each step is taken where it is not taken yet, as people do who load the page again. A process is forked for each line, so that
a hundred of them start at once.
"""

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from staydown.cases.models import Case  # noqa: E402  after the set-up
from staydown.vault.evidence import custodians  # noqa: E402  the same
from tests.authorities.cybertip_server import Tipline  # noqa: E402  the same
from tests.authorities.light import ATLANTIC, connected  # noqa: E402  the same
from tests.authorities.shifts import Room, shift  # noqa: E402  the same

FOLDER = Path(sys.argv[3])
settings.COUNTRY, settings.SERVES = ATLANTIC
settings.CYBERTIP = connected(Tipline(url=sys.argv[2]))
settings.DATA = FOLDER / "data"
settings.CUSTODIANS = custodians.read(*(FOLDER / "custodians").read_text().splitlines())


def work(case_id: str) -> None:
    case = Case.objects.get(pk=case_id)  # the connection stands before the clock of whoever kills runs
    print(os.getpid(), flush=True)
    with redirect_stdout(sys.stderr):
        shift(case, Room(FOLDER))
    os._exit(0)


for line in sys.stdin:
    if child := os.fork():
        os.waitpid(child, 0)
        print("gone", flush=True)
    else:
        work(line.strip())
