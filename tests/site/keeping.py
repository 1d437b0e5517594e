"""Run as a program by the tests: a supervisor of children that write down their process ids."""

import sys
from pathlib import Path

from staydown.site.supervisor import Spec, Supervisor
from staydown.site.trouble import Trouble

CHILD = """
import os, sys, time, pathlib
pathlib.Path(sys.argv[1]).joinpath(f"{sys.argv[2]}-{os.getpid()}").write_text(repr(dict(os.environ)))
time.sleep(600)
"""


def main(folder: Path) -> int:
    specs = [Spec(name, (sys.executable, "-c", CHILD, str(folder), name), {"ONLY": name}) for name in ("one", "two")]
    try:
        with Supervisor(specs) as running:
            (folder / "up").touch()
            running.watch()
    except Trouble as trouble:
        print(trouble)
        return 2
    (folder / "down").touch()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
