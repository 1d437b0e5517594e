"""The evidence of a backup put back into the store of the deployment's settings: written once, or found there the same.

What this run wrote is taken away again when the backup turns out not to be whole. After a kill it stays: it is ciphertext,
and the next run finds it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from staydown.site import key_files
from staydown.site.archives import Keep
from staydown.site.home import Home
from staydown.site.options import BY_NAME
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble
from staydown.vault.evidence import store
from staydown.vault.evidence.objects import AlreadyThere

FOLDER = "evidence"


@contextmanager
def into_store(home: Home, data: Path) -> Iterator[Keep]:
    """What to hand each object to. Raises `Trouble` where another object has its name."""
    kept: list[str] = []
    address, access = (_told(home, name) for name in ("EVIDENCE_STORE", "EVIDENCE_ACCESS"))
    new = not (address or (data / FOLDER).exists())

    def keep(name: str, content: bytes) -> None:
        try:
            if store.at(address, access, data / FOLDER).keep(name, content):
                kept.append(name)
        except AlreadyThere as error:
            raise Trouble(
                f"{name} is in the store already, and is not what the backup holds. It stays as it is. Keep a copy of "
                "the store, and restore with an empty one."
            ) from error

    try:
        yield keep
    except BaseException:
        if new:
            shutil.rmtree(data / FOLDER, ignore_errors=True)
        elif kept:
            store.at(address, access, data / FOLDER).take_away(kept)
        raise


def _told(home: Home, name: str) -> str:
    return key_files.value_of(home, BY_NAME[name].variable, Program.WORKER)
