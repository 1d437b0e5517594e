"""Where the demo lives, and Plaza, the example network, as one of its programs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from staydown.commands import platform
from staydown.site import serving
from staydown.site.home import Home
from staydown.site.supervisor import Spec
from staydown.site.trouble import Trouble, of_files

CHECKOUT = Path(__file__).parents[3]
PROGRAM = CHECKOUT / "examples" / "plaza" / "app.py"
SEED = CHECKOUT / "tools" / "seed_plaza.py"
PORTS = {"PORTAL": 8700, "APP": 8701, "PLAZA": 8702}


@dataclass(frozen=True, slots=True)
class Place:
    """The demo's folder and ports."""

    folder: Path
    portal_port: int = 8700
    app_port: int = 8701
    plaza_port: int = 8702

    @classmethod
    def from_environment(cls) -> Self:
        """As DEMO_HOME, PORTAL_PORT, APP_PORT and PLAZA_PORT say."""
        try:
            ports = [int(os.environ.get(f"{name}_PORT", port)) for name, port in PORTS.items()]
        except ValueError as error:
            raise Trouble(f"A port is a number: {error}.") from error
        return cls(Path(os.environ.get("DEMO_HOME", ".demo")).resolve(), *ports)

    @property
    def home(self) -> Home:
        return Home(self.folder)

    @property
    def places(self) -> serving.Places:
        return serving.Places("127.0.0.1", self.portal_port, self.app_port)

    @property
    def plaza(self) -> str:
        return f"http://127.0.0.1:{self.plaza_port}"

    @property
    def output(self) -> Path:
        return self.folder / "demo.log"


def spec(place: Place) -> Spec:
    """Plaza as one more program; it is registered at the first start."""
    known = _known(place)
    outside = (*serving.FROM_OUTSIDE, "PLAZA_DEVICE")  # the folder that `make device` made, for who wants to see it
    kept = {name: os.environ[name] for name in outside if name in os.environ}
    own = {
        "PLAZA_DATA": str(place.folder / "plaza"),
        "PLAZA_URL": place.plaza,
        "STAYDOWN_API": f"{place.places.urls['STAYDOWN_APP_URL']}/api/v1",
        "STAYDOWN_PORTAL": place.places.urls["STAYDOWN_PORTAL_URL"],
        "STAYDOWN_KEY": known["key"],
        "STAYDOWN_WEBHOOK_SECRET": known["webhook_secret"],
    }
    command = (sys.executable, str(PROGRAM), "--port", str(place.plaza_port))
    return Spec("plaza", command, kept | own, ("127.0.0.1", place.plaza_port), place.output)


def _known(place: Place) -> dict[str, str]:
    """Plaza's key and webhook secret."""
    path = place.folder / "plaza.json"
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        if known["url"] != place.plaza:
            raise Trouble(f"This demo's Plaza lives at {known['url']}. Use the same PLAZA_PORT, or another DEMO_HOME.")
        return known
    hooks = platform.Addresses(f"{place.plaza}/staydown/webhooks", place.plaza + "/staydown/evidence/{kind}/{id}")
    given = platform.register("Plaza", "plaza", hooks)
    known = {"url": place.plaza, "key": given.key, "webhook_secret": given.webhook_secret}
    try:
        path.touch(mode=0o600)
        path.write_text(json.dumps(known), encoding="utf-8")
    except OSError as error:
        raise of_files(error, path) from error
    return known


def seed(place: Place) -> None:
    """Post a few pictures on Plaza, once, the way people do."""
    done = place.folder / "seeded"
    if done.exists():
        return
    if subprocess.run((sys.executable, str(SEED), place.plaza), check=False, process_group=0).returncode:
        raise Trouble(f"Plaza did not take the first pictures. What it said stands in {place.output}.")
    done.touch()
