"""An evidence package tells by when its journal entries existed, in an authority's word that can be checked."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest
from django.conf import LazySettings

from staydown.journal import sending
from staydown.journal.timestamps import Roots
from staydown.vault.evidence import exporting, identities, packages, packing
from staydown.vault.evidence.opened import Opened
from staydown.vault.evidence.store import store
from tests import people
from tests.journal import outside

from .conftest import Originals, Vault
from .released import agreed, identity_file, sealed
from .test_exporting import NOW, altered, verified

pytestmark = pytest.mark.django_db


def test_a_package_has_the_time_stamp_of_its_entries(
    vault: Vault, originals: Originals, tmp_path: Path, settings: LazySettings
):
    authority = outside.Authority(tmp_path / "tsa")
    settings.TSA_ROOTS = Roots.read(authority.roots)
    row = sealed(originals)
    with outside.listening(authority) as url:
        settings.TSA = (url,)
        sending.close()
    packing.write(agreed(row), tmp_path / "package.tar", store(), "test", people.NOW)
    to = pyrage.x25519.Identity.generate()
    custodians = [identities.read(Path(identity_file(vault, name, tmp_path / "keys"))) for name in ("ada", "cyd")]
    with packages.reading(tmp_path / "package.tar") as package:
        exporting.export(
            Opened.of(package, custodians), exporting.Wish(str(to.to_public())), tmp_path / "case.age", NOW
        )
    folder = tmp_path / "unpacked"
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt((tmp_path / "case.age").read_bytes(), [to]))) as tar:
        tar.extractall(folder, filter="data")

    done = verified(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of the entries existed at 20" in done.stdout and "NOT CHECKED: its signature" in done.stdout

    def with_roots(path: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify.py", "--tsa-roots", str(path)]
        return subprocess.run(
            command, cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
        )

    assert "checked with openssl" in with_roots(authority.roots).stdout
    assert with_roots(outside.Authority(tmp_path / "other").roots).returncode == 1

    def another_moment(_manifest: object) -> None:
        said = json.loads((folder / "custody.json").read_text())
        said["stamped"]["checkpoint"] = said["stamped"]["checkpoint"].replace("\n", "x\n", 1)
        (folder / "custody.json").write_text(json.dumps(said))

    refused = altered(folder, another_moment)
    assert (refused.returncode, "time-stamped is not signed" in refused.stdout) == (1, True), refused.stdout
