"""A program that appends, in a process of its own: `python -m tests.journal.writer DATABASE NUMBER BATCHES`."""

import sys

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  after the set-up
from django.db import transaction  # noqa: E402

from staydown.journal import actions  # noqa: E402

from .conftest import START  # noqa: E402

number, batches = int(sys.argv[2]), int(sys.argv[3])
for batch in range(batches):
    with transaction.atomic():
        lines = [
            actions.Line("case.decided", ContentType(pk=number), "worker", START, {"n": batch * 5 + n})
            for n in range(5)
        ]
        actions.record_all(lines)
