"""A process that asks about one picture again and again, and says when each check began and what it was told."""

import json
import os
import sys
import time

import django

given = json.loads(sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "staydown.site.settings.tests"
from django.conf import settings  # noqa: E402

settings.DATABASES["default"].update(given["database"])
django.setup()

from django.utils import timezone  # noqa: E402

from staydown.banks.actions import asking, checking  # noqa: E402
from staydown.banks.kept import Kept  # noqa: E402
from staydown.platforms.models import Platform  # noqa: E402

asked = asking.Asked(Kept((bytes.fromhex(given["pdq"]),)), 100, None)
platform = Platform.objects.get()
while True:
    began = time.monotonic()
    check = checking.answer_check(platform, asked, timezone.now())
    print(f"{began} {check.verdict}", flush=True)
    time.sleep(0.02)  # SQLite's writers do not queue: without a pause, four of them can keep one another out for ever
