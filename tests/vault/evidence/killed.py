"""A worker's sealing in a process of its own, to be killed: `python -m tests.vault.evidence.killed ID DATABASE`."""

import sys

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()

from staydown.vault.evidence import tasks  # noqa: E402  after the set-up

print("begun", flush=True)
tasks.seal(sys.argv[1])
