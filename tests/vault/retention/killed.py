"""A retention run in a process of its own, to be killed: `python -m tests.vault.retention.killed DATABASE`."""

import sys

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from staydown.vault.retention import tasks  # noqa: E402  after the set-up
from staydown.vault.retention.models import Destruction  # noqa: E402
from staydown.vault.retention.rules import DestructionState  # noqa: E402

print("begun", flush=True)
for row in Destruction.objects.filter(state__in=(DestructionState.AGREED, DestructionState.ERASED)).order_by(
    "proposed_at"
):
    tasks.destroy(str(row.pk))
    print("done", flush=True)
