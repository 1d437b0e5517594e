"""Put what looks on the device into build/device: `make device`. onnxruntime-web comes from npm by name and pinned hash."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import resources
from pathlib import Path

from staydown.recognition import model

ROOT = Path(__file__).parents[1]
TO = ROOT / "build" / "device"
PACKAGE = "onnxruntime-web@1.30.0"
INTEGRITY = "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
NEEDED = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
MODEL = "open-nsfw.onnx"


class CannotBuild(Exception):
    """What looks on the device could not be put together: see the message."""


def build(to: Path = TO) -> Path:
    """The folder to serve; made where it is not there, the script always anew. Raises `CannotBuild`."""
    to.mkdir(parents=True, exist_ok=True)
    if not all((to / name).is_file() for name in (*NEEDED, MODEL)):
        _bring_runtime(to)
        _bring_model(to)
    _put(to / "sensitive.js", (ROOT / "browser" / "sensitive.js").read_bytes())
    return to


def _put(to: Path, data: bytes) -> None:
    """Whole or not at all: it may be served, or made by somebody else, at this moment."""
    with tempfile.NamedTemporaryFile(dir=to.parent, delete=False) as aside:
        aside.write(data)
    Path(aside.name).chmod(0o644)
    Path(aside.name).replace(to)


def _bring_runtime(to: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild("npm is not installed here. Install Node.js with npm, then run `make device` again.")
    with tempfile.TemporaryDirectory(prefix="staydown-device-") as folder:
        said = subprocess.run(
            [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        packed = next(Path(folder).glob("*.tgz"), None)
        if said.returncode or packed is None:
            raise CannotBuild(f"npm could not fetch {PACKAGE}: {said.stderr.strip()}")
        found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != INTEGRITY:
            raise CannotBuild(f"{PACKAGE} is not what was measured: its hash is {found}. Do not use it.")
        with tarfile.open(packed) as archive:
            for name in NEEDED:
                member = archive.extractfile(f"package/dist/{name}")
                if member is None:
                    raise CannotBuild(f"{PACKAGE} has no {name}.")
                _put(to / name, member.read())


def _bring_model(to: Path) -> None:
    if trouble := model.trouble():
        raise CannotBuild(str(trouble))
    _put(to / MODEL, (resources.files(model.PACKAGE) / model.FILE).read_bytes())


if __name__ == "__main__":
    try:
        print(build())
    except CannotBuild as error:
        sys.exit(f"staydown: {error}")
