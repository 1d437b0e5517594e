"""`light.shift` in a process of its own, to be killed: `… DATABASE`, then a number each line; a process is forked for each."""

import os
import sys

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from staydown.platforms.models import Item  # noqa: E402  after the set-up
from tests.authority_orders.light import shift  # noqa: E402  the same


def work(number: int) -> None:
    Item.objects.exists()  # the connection stands before the clock of whoever kills runs
    print(os.getpid(), flush=True)
    shift(number)
    os._exit(0)


for line in sys.stdin:
    if child := os.fork():
        os.waitpid(child, 0)
        print("gone", flush=True)
    else:
        work(int(line))
