"""The store of this deployment, as its settings say."""

from functools import cache
from pathlib import Path

from django.conf import settings

from staydown.vault.evidence.objects import BadStore, Objects


@cache
def _made(address: str, options: str, folder: str) -> Objects:
    if not address:
        return Objects.files(Path(folder))
    pairs = [pair.partition("=") for pair in options.split(",") if pair.strip()]
    if not all(equals and name.strip() for name, equals, _ in pairs):
        raise BadStore("STAYDOWN_EVIDENCE_ACCESS is name=value pairs: endpoint=https://…,region=…,access_key_id=…")
    return Objects.s3(address, {name.strip(): value.strip() for name, _, value in pairs})


def store() -> Objects:
    """Where this deployment's evidence lies. Raises `BadStore`."""
    return _made(settings.EVIDENCE_STORE, settings.EVIDENCE_ACCESS, str(settings.DATA / "evidence"))
