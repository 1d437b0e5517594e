"""What a platform asks about, and the row that remembers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from staydown.banks.digests import NONE, OtherDigests
from staydown.banks.kept import Kept, pack
from staydown.banks.media import Media
from staydown.banks.models import Fingerprint
from staydown.banks.recognising import Recognised
from staydown.banks.seeing import Seen
from staydown.site.writing import insert
from staydown.vault import fingerprints as sealed


def not_looked_at() -> None:
    """Of what nobody wants looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An upload as the platform asks about it. The digests and `made` are missing when only fingerprints were sent.

    Where nothing is `kept` of it, it could not be opened: it is known by its bytes alone. `recognise` looks at it where
    the platform's policy asks; it is called once the bank was asked, and whatever the bank said.
    """

    kept: Kept
    quality: int
    sha256: bytes | None
    account_id: str | None = None
    surface: str = ""
    made: Media | None = None
    others: OtherDigests = NONE
    recognise: Callable[[], Recognised | None] = not_looked_at

    @classmethod
    def of(
        cls,
        made: Media,
        account_id: str | None = None,
        surface: str = "",
        others: OtherDigests = NONE,
    ) -> "Asked":
        """An upload whose media was fingerprinted here."""
        quality = made.picture.quality if made.picture else 0
        return cls(Kept.of(made), quality, made.sha256, account_id, surface, made, others)

    @property
    def unreadable(self) -> bool:
        return not self.kept.turned and not self.kept.film

    @property
    def exact(self) -> bytes | None:
        """The keyed exact digest."""
        return sealed.keyed_digest(self.sha256) if self.sha256 else None

    @property
    def seen(self) -> Seen:
        """As the bank looks at it."""
        made = self.made or Media(None)
        return Seen(self.kept, self.quality, self.exact, made.picture, self.others, made.film)


def remember(asked: Asked, now: datetime) -> Fingerprint:
    """A row of what was computed, sealed."""
    row = Fingerprint(
        exact=asked.exact,
        **asked.others.known,
        kept_sealed=sealed.seal(pack(asked.kept)),
        layout=asked.kept.layout,
        quality=asked.quality,
        made_at=now,
    )
    return insert(row)
