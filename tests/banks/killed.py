"""A process that imports a catalogue, says each step, and begins the next when it is told to; given JSON."""

import json
import os
import sys

import django

given = json.loads(sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "staydown.site.settings.tests"
from django.conf import settings  # noqa: E402

settings.DATABASES["default"].update(given["database"])
django.setup()

from pathlib import Path  # noqa: E402

from django.utils import timezone  # noqa: E402

from staydown.banks.actions import importing  # noqa: E402
from staydown.banks.listing import Listing  # noqa: E402
from staydown.platforms.models import Platform  # noqa: E402

importing.STEP = 5
file = Listing.of(Path(given["file"]))
for done in importing.go_on(importing.begin(Platform.objects.get(), file, timezone.now()), file):
    print(done, flush=True)
    sys.stdin.readline()
