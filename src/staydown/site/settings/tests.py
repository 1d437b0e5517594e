"""Settings of the tests that run in one process: the app's, with every key, on a database of their own."""

import os
import tempfile

from staydown.site.keys import fresh_settings

_home = tempfile.mkdtemp(prefix="staydown-tests-")
for _name, _value in fresh_settings(role="platform", country="FR", data=_home).items():
    os.environ.setdefault(_name, _value)
os.environ.setdefault("STAYDOWN_OUTSIDE_ALLOW", "http://127.0.0.0/8")
os.environ.setdefault("STAYDOWN_LOG_LEVEL", "error")
os.environ.setdefault("STAYDOWN_UNDO", "0")

from staydown.regimes.helplines import Accepted  # noqa: E402  the same
from staydown.site import options  # noqa: E402  the environment above has to be there first
from staydown.site.settings.app import *  # noqa: E402, F403  a settings module is the base plus its own lines
from staydown.site.settings.app import DATABASES, INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "staydown.portal"]
JOURNAL_KEY = bytes.fromhex(options.value("JOURNAL_KEY"))
EVIDENCE_STORE = options.value("EVIDENCE_STORE")
EVIDENCE_ACCESS = options.value("EVIDENCE_ACCESS")
ONION, HELPLINES = "", Accepted.READ
ALLOWED_HOSTS = ["*"]
# A file, not memory: tests with several threads or processes need one database that all of them reach.
if not options.value("DATABASE"):
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/tests.sqlite3"}
