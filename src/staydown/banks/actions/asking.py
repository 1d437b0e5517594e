"""What a platform asks about, and the row that remembers it."""

from dataclasses import dataclass
from datetime import datetime

from staydown.banks.digests import NONE, OtherDigests
from staydown.banks.kept import Kept, pack
from staydown.banks.models import Fingerprint
from staydown.banks.seeing import Seen
from staydown.fingerprints import ImageFingerprints
from staydown.vault import fingerprints as sealed


@dataclass(frozen=True, slots=True)
class Asked:
    """An upload as the platform asks about it. The digests and `made` are missing when only fingerprints were sent.

    Where nothing is `kept` of it, it could not be opened: it is known by its bytes alone.
    """

    kept: Kept
    quality: int
    sha256: bytes | None
    account_id: str | None = None
    surface: str = ""
    made: ImageFingerprints | None = None
    others: OtherDigests = NONE

    @classmethod
    def of(
        cls,
        made: ImageFingerprints,
        account_id: str | None = None,
        surface: str = "",
        others: OtherDigests = NONE,
    ) -> "Asked":
        """An upload whose media was fingerprinted here."""
        return cls(Kept.of(made), made.quality, made.sha256, account_id, surface, made, others)

    @property
    def unreadable(self) -> bool:
        return not self.kept.turned

    @property
    def exact(self) -> bytes | None:
        """The keyed exact digest."""
        return sealed.keyed_digest(self.sha256) if self.sha256 else None

    @property
    def seen(self) -> Seen:
        """As the bank looks at it."""
        return Seen(self.kept, self.quality, self.exact, self.made, self.others)


def remember(asked: Asked, now: datetime) -> Fingerprint:
    """A row of what was computed, sealed."""
    return Fingerprint.objects.create(
        exact=asked.exact,
        **asked.others.known,
        kept_sealed=sealed.seal(pack(asked.kept)),
        quality=asked.quality,
        made_at=now,
    )
