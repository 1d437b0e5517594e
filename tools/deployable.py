"""Django's own look at the settings of a real deployment (https, fresh keys), and whether a migration is missing."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from staydown.site import custodians
from staydown.site.home import Home, create
from staydown.site.options.declaration import Program
from staydown.site.serving import Places, environment

URLS = {"STAYDOWN_PORTAL_URL": "https://report.example.org", "STAYDOWN_APP_URL": "https://staydown.example.org"}
DEPLOY = ("check", "--deploy", "--fail-level", "WARNING")
LOOKS = (
    (Program.PORTAL, DEPLOY),
    (Program.APP, DEPLOY),
    (Program.APP, ("makemigrations", "--check", "--dry-run")),
)


def django(home: Home, program: Program, arguments: tuple[str, ...]) -> int:
    """Run one of Django's commands as `program`; its exit code."""
    settings = environment(home, program, Places().urls)
    return subprocess.run((sys.executable, "-m", "django", *arguments), env=settings, check=False).returncode


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="staydown-check-") as folder:
        home = Home(Path(folder) / "home")
        create(home, "platform", "FR", also=URLS | custodians.named(Path(folder) / "custodians"))
        return max(django(home, program, arguments) for program, arguments in LOOKS)


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
