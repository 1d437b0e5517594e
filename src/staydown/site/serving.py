"""The three programs of a deployment: what each is told, and nothing of the others' (decision 1)."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from staydown.site import key_files
from staydown.site.home import Home
from staydown.site.options import BY_NAME, OPTIONS
from staydown.site.options.declaration import Program
from staydown.site.supervisor import Spec
from staydown.site.trouble import Trouble

FROM_OUTSIDE = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the two web programs listen."""

    host: str = "127.0.0.1"
    portal_port: int = 8700
    app_port: int = 8701

    @property
    def urls(self) -> dict[str, str]:
        """The public addresses, for a deployment that names none."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return {
            BY_NAME["PORTAL_URL"].variable: f"http://{host}:{self.portal_port}",
            BY_NAME["APP_URL"].variable: f"http://{host}:{self.app_port}",
        }


def environment(home: Home, program: Program, defaults: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of `program`: four variables of this process, its own settings, one thread for numpy."""
    own = {option.variable for option in OPTIONS if program in option.programs}
    own |= {f"{variable}_FILE" for variable in own}
    given = home.environment(program)
    if strangers := sorted(set(given) - own):
        raise Trouble(
            f"{home.file_of(program)} holds {', '.join(strangers)}, which the program {program} may not know "
            "(or which does not exist). Take it out."
        )
    return {
        **{name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ},
        **{name: value for name, value in defaults.items() if name in own},
        **given,
        "DJANGO_SETTINGS_MODULE": f"staydown.site.settings.{program.value}",
        "OPENBLAS_NUM_THREADS": "1",  # small matrices: more threads only wait for one another (four times as long)
    }


def run(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "staydown.site.program", *arguments)


def programs(home: Home, places: Places, output: Path | None = None) -> list[Spec]:
    """The portal, the app and the worker, in the order in which they start and stop."""
    doors = {Program.PORTAL: places.portal_port, Program.APP: places.app_port}
    webs = [
        Spec(
            name=program.value,
            command=run("web", places.host, str(port)),
            environment=environment(home, program, places.urls),
            address=(places.host, port),
            output=output,
        )
        for program, port in doors.items()
    ]
    worker = environment(home, Program.WORKER, places.urls)
    return [*webs, Spec("worker", run("work"), worker, output=output)]


def prepare(home: Home, places: Places) -> None:
    """Bring the tables up to date before any program starts. Raises `Trouble`, also while keys are half changed."""
    key_files.must_be_settled(home)
    done = subprocess.run(
        run("prepare"),
        env=environment(home, Program.APP, places.urls),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        sys.stderr.write(done.stderr)
        raise Trouble(
            f"The database could not be prepared: {lines[-1]}. `staydown doctor --home {home.path}` says more."
        )
