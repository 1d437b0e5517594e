"""Evidence sealed, proposed, agreed to and packed: where most tests of opening begin."""

from pathlib import Path

from staydown.journal import tasks as journal
from staydown.vault.evidence import packing, releasing, tasks
from staydown.vault.evidence.models import Evidence, Release
from staydown.vault.evidence.store import store
from tests import people
from tests.pictures import jpeg, photograph

from .conftest import Originals, Vault
from .light import posted

PICTURE = jpeg(photograph("coffee"))
REASON = "Request 17/2026 of the public prosecutor, art. 60-1"


def sealed(originals: Originals) -> Evidence:
    originals.media["post-1"] = PICTURE
    people.reported(posted(originals.platform(), "post-1"))
    row = Evidence.objects.get(kind="item")
    tasks.seal(str(row.pk))
    row.refresh_from_db()
    return row


def agreed(row: Evidence) -> Release:
    release = releasing.propose(row.case, REASON, people.staff("tomas", "lead"), people.NOW)
    releasing.agree(release, people.staff("cleo", "custodian"), people.NOW)
    journal.sign_head()
    return release


def packed(originals: Originals, path: Path) -> Path:
    packing.write(agreed(sealed(originals)), path, store(), "test", people.NOW)
    return path


def identity_file(vault: Vault, name: str, folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.key"
    path.write_text(f"# custodian: {name}\n{vault.private[name]}\n", encoding="utf-8")
    return str(path)
