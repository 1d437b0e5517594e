"""Making the key that signs reports for authorities; which certificate is ours, the journal says from then on."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from staydown.journal.acting import action, note
from staydown.journal.models import Tree
from staydown.journal.rules import EMPTY_ROOT
from staydown.vault.evidence import signers
from staydown.vault.whole_files import whole


@action
def make(path: Path, now: datetime) -> str:
    """Write a new document key to a new file and name it in the journal; answers with its certificate's SHA-256.

    Raises FileExistsError and OSError; then nothing was written anywhere.
    """
    signer = signers.make(f"Staydown, {urlsplit(settings.PORTAL_URL).hostname}", now)
    tree, _ = Tree.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    note(signers.ACT, about=tree, by="operator", now=now, certificate_sha256=signer.fingerprint)
    with whole(path) as file:
        file.write(signer.to_pem())
    return signer.fingerprint
