"""A program of a deployment's own that banks and withdraws, as its console would: `python -m bench.http_banker`.

Reads lines: `bank HEX` banks an item with this PDQ, `withdraw` takes the last one back. Each is answered by `done` once
it is committed.
"""

import hashlib
import sys

import django


def main() -> None:
    django.setup()
    from django.utils import timezone

    from staydown.banks.actions import checking, keeping, meeting
    from staydown.banks.actions.asking import Asked
    from staydown.banks.kept import Kept
    from staydown.cases.models import Case
    from staydown.people.models import Staff
    from staydown.platforms.actions.registering import Registration
    from staydown.platforms.models import Platform

    platform, case, by = Platform.objects.get(), Case.objects.order_by("pk")[0], Staff.objects.get(username="first")
    entry = None
    for line in sys.stdin:
        verb, _, given = line.strip().partition(" ")
        now = timezone.now()
        if verb == "bank":
            data = bytes.fromhex(given)
            asked = Asked(Kept((data,)), 100, hashlib.sha256(data).digest(), "bench")
            check = checking.answer_check(platform, asked, now)
            said = Registration(given, f"http://bench.example/{given}", "bench", now, "everyone", check.pk)
            item, _ = meeting.admit(platform, said, now)
            entry = keeping.keep_down(case, item, by, now)
        elif entry:
            keeping.withdraw(entry, by, now)
        print("done", flush=True)


if __name__ == "__main__":
    main()
