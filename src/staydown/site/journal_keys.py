"""A new signing key of the journal: named by an entry and a checkpoint under the former one, then given to the programs.

Killed anywhere, it goes on when it is run again: the new key waits in a file until everybody has it.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from staydown.journal import checkpoints, tasks
from staydown.journal.acting import action, note
from staydown.journal.models import Entry, Tree
from staydown.journal.rules import EMPTY_ROOT
from staydown.journal.verify import KEY_CHANGED
from staydown.site import key_files
from staydown.site.home import Home


def rotate(home: Home) -> str:
    """Change the key, with Django set up as the worker; answers with the new public key (hex)."""
    private = _next(home)
    public = private.public_key().public_bytes_raw()
    if public != settings.JOURNAL_PUBLIC:
        _announce(public.hex())
        tasks.sign_head()
        checkpoints.make(timezone.now())
    key_files.give_journal(home, private.private_bytes_raw().hex(), public.hex())
    key_files.next_journal(home).unlink()
    key_files.sync(home.keys)
    return public.hex()


def _next(home: Home) -> Ed25519PrivateKey:
    """The key that is to come: the one of a run that was killed, or a new one."""
    path = key_files.next_journal(home)
    if not path.exists():
        key_files.keep_next_journal(home, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("utf-8")))


@action
def _announce(public: str) -> None:
    if Entry.objects.filter(act=KEY_CHANGED, facts__key=public).exists():
        return
    tree, _ = Tree.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    former = settings.JOURNAL_PUBLIC.hex()
    note(KEY_CHANGED, about=tree, by="operator", now=timezone.now(), former=former, key=public)
