"""Key pairs for evidence custodians: made on a machine of their own; for the demo, made up in a folder of its own."""

import os
from pathlib import Path

from staydown.site.options import BY_NAME
from staydown.vault import words

PUBLIC = "# public key: "
FIRST, SECOND = ("ada", "bea"), ("cyd", "dan")


def make(path: Path, name: str) -> str:
    """Write a new identity to a file that only its owner reads (as age-keygen does); answers with the recipient.

    Raises FileExistsError: a custodian's key is never overwritten.
    """
    private, public = words.new_key_pair()
    text = f"# custodian: {name}\n{PUBLIC}{public}\n{private}\n"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return public


def named(folder: Path) -> dict[str, str]:
    """Four made-up custodians, made where they are not there yet, and the settings that name them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    groups = {"CUSTODIANS_FIRST": FIRST, "CUSTODIANS_SECOND": SECOND}
    return {
        BY_NAME[setting].variable: ",".join(_made(folder / f"{name}.key", name) for name in group)
        for setting, group in groups.items()
    }


def _made(path: Path, name: str) -> str:
    if not path.exists():
        return make(path, name)
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(PUBLIC) for line in lines if line.startswith(PUBLIC))
