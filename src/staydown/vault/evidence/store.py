"""The store of this deployment, as its settings say."""

from functools import cache
from pathlib import Path

from django.conf import settings

from staydown.vault.evidence.objects import BadStore, Objects


@cache
def at(address: str, options: str, folder: Path) -> Objects:
    """The store of these two settings; a folder where there is no address. Raises `BadStore`."""
    if not address:
        return Objects.files(folder)
    pairs = [pair.partition("=") for pair in options.split(",") if pair.strip()]
    if not all(equals and name.strip() for name, equals, _ in pairs):
        raise BadStore("STAYDOWN_EVIDENCE_ACCESS is name=value pairs: endpoint=https://…,region=…,access_key_id=…")
    return Objects.s3(address, {name.strip(): value.strip() for name, _, value in pairs})


def store() -> Objects:
    """Where this deployment's evidence lies. Raises `BadStore`."""
    return at(settings.EVIDENCE_STORE, settings.EVIDENCE_ACCESS, Path(settings.DATA, "evidence"))
