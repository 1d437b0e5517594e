"""A real worker process on the test's own database, with only the rooms it needs: `python a_worker.py <json>`."""

import json
import signal
import sys
import threading
from pathlib import Path

import django
from django.conf import settings


def main() -> None:
    given = json.loads(sys.argv[1])
    sys.path.insert(0, str(Path(__file__).parent))  # tasks are owed as `chores.…`
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "staydown.promises", "staydown.journal"],
        DATABASES={"default": given["database"]},
        TASKS={"default": {"BACKEND": "staydown.promises.backend.LeasedRows"}},
        USE_TZ=True,
        LEASE_SECONDS=given.get("lease", 10.0),
        DUTIES=given.get("duties", {}),
    )
    django.setup()
    from staydown.promises.worker import work

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    main_thread = threading.Thread(target=work, args=(stop, given.get("threads", 4)))
    main_thread.start()
    while main_thread.is_alive():
        main_thread.join(0.1)


if __name__ == "__main__":
    main()
