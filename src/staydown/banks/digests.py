"""The further digests by which the bank knows a file, keyed: a stolen database says nothing of files somebody has.

Two strengths. SHA-256, of the file or of a JPEG without its metadata, is the same picture: nobody can make two files
that share one (`fingerprints.without_metadata`: what it leaves out does not decide the pixels). MD5 and SHA-1 are what
others' lists hold, and two files with one digest can be made on purpose: what they find, a person looks at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from staydown import fingerprints
from staydown.vault import fingerprints as sealed


@dataclass(frozen=True, slots=True)
class OtherDigests:
    """Keyed, 32 bytes each, beside the SHA-256 of the file: `bare` the SHA-256 of a JPEG without its metadata."""

    bare: bytes | None = None
    sha1: bytes | None = None
    md5: bytes | None = None

    @classmethod
    def of(cls, data: bytes, found: fingerprints.Digests | None = None) -> "OtherDigests":
        """Those of a file that is there; `found` are its digests, where the caller has them already."""
        found = found or fingerprints.digests(data)
        return cls.keyed(fingerprints.without_metadata(data), found.sha1, found.md5)

    @classmethod
    def keyed(cls, bare: bytes | None = None, sha1: bytes | None = None, md5: bytes | None = None) -> "OtherDigests":
        """Those that somebody has told, as they are stored and looked up."""
        return cls(_keyed(bare, "bare"), _keyed(sha1, "sha1"), _keyed(md5, "md5"))

    @property
    def known(self) -> dict[str, bytes]:
        """{column: digest} of those that there are."""
        each = {"bare": self.bare, "sha1": self.sha1, "md5": self.md5}
        return {name: digest for name, digest in each.items() if digest}

    @property
    def forgeable(self) -> tuple[bytes, ...]:
        """Those that another file may have been made to share."""
        return there(self.sha1, self.md5)


NONE = OtherDigests()


def there(*digests: bytes | memoryview | None) -> tuple[bytes, ...]:
    """The digests that there are."""
    return tuple(bytes(digest) for digest in digests if digest)


def shared(some: Iterable[bytes], others: Iterable[bytes]) -> bool:
    """Whether two files have a digest in common."""
    return not set(some).isdisjoint(others)


def _keyed(digest: bytes | None, kind: str) -> bytes | None:
    return sealed.keyed_digest(digest, kind) if digest else None
