"""Time-stamps by an authority outside (RFC 3161): that a checkpoint existed at a moment, whoever owns this machine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

LIMIT = 256 * 1024  # bytes of an answer
ASKED, ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class NotStamped(ValueError):
    """The authority's answer is no time-stamp of what was sent, by a certificate that STAYDOWN_TSA_ROOTS vouches for."""


@dataclass(frozen=True, slots=True)
class Roots:
    """The certificates that a time-stamp may come from, in the end."""

    certificates: tuple[Certificate, ...]

    @classmethod
    def read(cls, path: Path) -> "Roots":
        """From a file of PEM certificates. Raises OSError and ValueError."""
        return cls(tuple(load_pem_x509_certificates(path.read_bytes())))


def query(message: bytes) -> TimeStampRequest:
    """The question to an authority; `as_bytes()` is what is sent."""
    return TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()


def stamped_at(message: bytes, response: bytes, roots: Roots, asked: TimeStampRequest | None = None) -> datetime:
    """When an authority saw `message` (UTC), its signature and its certificates checked. Raises `NotStamped`.

    With `asked` the response must answer that very question.
    """
    builder = VerifierBuilder.from_request(asked) if asked else VerifierBuilder()
    for certificate in roots.certificates:
        builder = builder.add_root_certificate(certificate)
    try:
        answer = decode_timestamp_response(response)
        builder.build().verify(answer, sha256(message).digest())
        return answer.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError) as error:
        raise NotStamped(f"{NotStamped.__doc__} ({error})") from error
