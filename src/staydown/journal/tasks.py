"""The journal's promise: every batch of acts gets a signed tree head."""

from django.utils import timezone

from staydown.journal.heads import SignedHead
from staydown.journal.models import Head, Tree


def sign_head() -> None:
    """Sign the tree as it is committed now. Run again it adds nothing; only the worker has the key."""
    tree = Tree.objects.filter(pk=1).first()
    if tree is None or tree.size == 0 or Head.objects.filter(size=tree.size).exists():
        return
    head = SignedHead.sign(tree.size, bytes(tree.root), timezone.now())
    row = Head(size=head.size, root=head.root, signed_at=head.signed_at, signature=head.signature)
    Head.objects.bulk_create([row], ignore_conflicts=True)  # another worker signed the same size: both are true
