"""People, a worker and custodians at one case, in a process of its own, to be killed: `… DATABASE ADDRESS FOLDER`, then a case
each line (`tests.forked`). FOLDER holds what is sealed, and the custodians' room.

Each step is taken where it is not taken yet, as people do who load the page again.
"""

from pathlib import Path

from tests.forked import serve, set_up

ADDRESS, FOLDER = set_up()

from django.conf import settings  # noqa: E402  after the set-up

from staydown.cases.models import Case  # noqa: E402  the same
from staydown.vault.evidence import custodians  # noqa: E402  the same
from tests.authorities.cybertip_server import Tipline  # noqa: E402  the same
from tests.authorities.light import ATLANTIC, connected  # noqa: E402  the same
from tests.authorities.shifts import Room, shift  # noqa: E402  the same

folder = Path(FOLDER)
settings.COUNTRY, settings.SERVES = ATLANTIC
settings.CYBERTIP = connected(Tipline(url=ADDRESS))
settings.DATA = folder / "data"
settings.CUSTODIANS = custodians.read(*(folder / "custodians").read_text().splitlines())

serve(lambda case_id: shift(Case.objects.get(pk=case_id), Room(folder)))
