"""Strangers' bytes -> pixels, in sandboxed worker processes; or a named refusal."""

from staydown.decoding.errors import (
    DecodingError,
    TookTooLong,
    TooLarge,
    Unavailable,
    Undecodable,
    Unsupported,
)
from staydown.decoding.pool import Pool, decode, hashed, reduce, sandbox_kind, show
from staydown.decoding.types import Decoded, Hashed, Limits, Picture

__all__ = [
    "Decoded",
    "DecodingError",
    "Hashed",
    "Limits",
    "Picture",
    "Pool",
    "TooLarge",
    "TookTooLong",
    "Unavailable",
    "Undecodable",
    "Unsupported",
    "decode",
    "hashed",
    "reduce",
    "sandbox_kind",
    "show",
]
