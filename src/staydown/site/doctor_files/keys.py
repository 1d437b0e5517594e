"""The keys: which are in use, who can read them, and where they lie."""

import stat
from pathlib import Path

from staydown.site.doctor_files.settings import Environments
from staydown.site.findings import Finding, Findings, Level, fine, wrong
from staydown.site.home import Home
from staydown.site.options import BY_NAME, several
from staydown.site.options.declaration import MissingSetting, Program
from staydown.vault import fingerprints, words


def keys_in_use(environments: Environments) -> Findings:
    """Which working key words are sealed to, and whether former ones are still needed. No private key is shown."""
    try:
        app = environments[Program.APP]
        public = BY_NAME["WORKING_PUBLIC"].read(app)
        today, *former = several(BY_NAME["WORKING_KEY"].read(app))
        fingerprint, *before = several(BY_NAME["FINGERPRINT_KEY"].read(app))
        own = words.public_of(today)
    except (MissingSetting, OSError, ValueError):
        yield wrong("the working key or the fingerprint key cannot be read", "Restore them: docs/keys.md says how.")
        return
    if public != own:
        yield wrong(
            f"words are sealed to {public}, which the app's first working key ({own}) does not open",
            "If a rotation was interrupted, `staydown keys reseal` ends it. Else give back the key that belongs to it.",
        )
    else:
        yield fine(f"words are sealed to {public}; fingerprints under the key {fingerprints.name_of(fingerprint)}")
    if former:
        yield Finding(
            Level.SOON,
            f"{len(former)} former working keys still open older words",
            "`staydown keys reseal`, then `staydown keys retire`.",
        )
    if before:
        yield fine(f"{len(before)} former fingerprint keys are part of how digests are kept: never take them away")


def keys_are_private(home: Home, _environments: Environments) -> Findings:
    """Only the owner may read the key files."""
    open_ones = [path for path in (home.keys, *sorted(home.keys.glob("*.env"))) if path.stat().st_mode & 0o077]
    for path in open_ones:
        mode = stat.filemode(path.stat().st_mode)
        yield wrong(f"{path} can be read by others ({mode})", f"chmod {'700' if path.is_dir() else '600'} {path}")
    if not open_ones:
        yield fine("only the owner can read the keys")


def keys_are_apart(home: Home, environments: Environments) -> Findings:
    """A copy of the data folder must never carry the keys that open it."""
    keys = {home.keys.resolve(), *_key_files(environments)}
    for data in {Path(each["STAYDOWN_DATA"]).resolve() for each in environments.values() if "STAYDOWN_DATA" in each}:
        if any(key.is_relative_to(data) for key in keys):
            yield wrong(
                f"keys are stored inside the data folder {data}",
                "Move them out: whoever copies or steals the data would hold the keys, too.",
            )
        else:
            yield fine("the keys are not stored with the data")


def _key_files(environments: Environments) -> set[Path]:
    return {
        Path(value).resolve()
        for environment in environments.values()
        for name, value in environment.items()
        if name.endswith("_FILE")
    }
