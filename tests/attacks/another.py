"""A second app process on the same database: `python -m tests.attacks.another DATABASE` answers upload checks.

Each line of standard input is the path of an upload; each line of standard output the verdict on it.
"""

import sys
from pathlib import Path

import django


def main() -> None:
    """Answer until the input ends. The index stays warm from one line to the next, as in an app."""
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from staydown.platforms.models import Platform
    from tests import people

    for line in sys.stdin:
        check = people.checked(Platform.objects.get(), Path(line.strip()).read_bytes(), "zoe")
        print(check.verdict, flush=True)


if __name__ == "__main__":
    main()
