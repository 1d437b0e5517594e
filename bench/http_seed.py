"""A deployment's bank filled for the bench, in a process with that deployment's settings, on SQLite:
`python -m bench.http_seed NUMBER`. Prints the platform's key.

The entries are hash-only, as a hash list gives them: one PDQ each (`http_hashes.known`), banked by one person and
raised to block by a second, in a case of their own. Their rows are written in bulk: banking a million through the
console would take its people years.
"""

import sys
from collections.abc import Iterator
from datetime import datetime

import django

from bench.http_hashes import known

PRINTS = (
    "INSERT INTO banks_fingerprint (seq, kept_sealed, layout, quality, made_at) VALUES (%s, %s, 2, 100, '2026-11-21')"
)
ENTRIES = (
    "INSERT INTO banks_entry (id, fingerprint_id, case_id, state, harm, banked_at, banked_by_id, raised_at, raised_by_id,"
    " catalogue_seq) SELECT printf('%%032x', seq), seq, %s, 'blocking', 'NCII', made_at, %s, made_at, %s, 0"
    " FROM banks_fingerprint"
)
CHANGES = (
    "INSERT INTO banks_bankchange (generation, entry_id, state, at)"
    " SELECT fingerprint_id, id, state, banked_at FROM banks_entry"
)


def main(number: int) -> None:
    django.setup()
    from django.utils import timezone

    from staydown.commands.platform import Addresses, register

    fill(number, timezone.now())
    print(register("Bench", "bench", Addresses()).key)


def fill(number: int, now: datetime) -> None:
    """Bank so many hashes; their generations are 1 to `number`."""
    from django.db import connection, transaction

    from staydown.cases.models import Case
    from staydown.people.models import Staff

    first, second = (Staff.objects.create(username=name, role="lead", joined_at=now) for name in ("first", "second"))
    case = Case.objects.create(harm="NCII", minor="no", opened_at=now, due_at=now, clock="eu-dsa-notice")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(PRINTS, _prints(number))
        cursor.execute(ENTRIES, [case.pk.hex, first.pk.hex, second.pk.hex])
        cursor.execute(CHANGES)


def _prints(number: int) -> Iterator[tuple[int, bytes]]:
    """The number of each, and what is kept of it, sealed under the deployment's key."""
    from staydown.banks.kept import Kept, pack
    from staydown.vault import fingerprints as sealed

    for seq, row in enumerate(known(number), 1):
        yield seq, sealed.seal(pack(Kept((row.tobytes(),))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
