"""Which kinds of film are opened at all, told by their first bytes and never by their name.

The demuxer is chosen here and not by FFmpeg's probing: a playlist (m3u8, concat, DASH, SDP) names other files
and addresses, and none of those demuxers can be reached.
"""

from enum import Enum

from staydown.decoding.formats import HEIC_BRANDS


class Container(Enum):
    """A kind of file with moving pictures; the value is FFmpeg's name of its demuxer, or Pillow's format."""

    MP4 = "mov"
    MATROSKA = "matroska"
    AVI = "avi"
    MPEG_TS = "mpegts"
    GIF = "GIF"
    WEBP = "WEBP"
    PNG = "PNG"


PICTURES = (Container.GIF, Container.WEBP, Container.PNG)  # opened by Pillow
CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg")
DECODERS = (*CODECS, "libdav1d")  # FFmpeg's names of what may decode them

_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_STILLS = (b"avif", b"heif", b"jpeg", *HEIC_BRANDS)
_PACKET, _TIMED_PACKET = 188, 192  # bytes of a transport stream's packet, plain and as cameras write it


def container(data: bytes) -> Container | None:
    """What the first bytes say; None for everything that is not a film we open."""
    head = data[:64]
    if head[4:8] in _ATOMS:
        return None if head[4:8] == b"ftyp" and head[8:12] in _STILLS else Container.MP4
    if head.startswith(b"\x1aE\xdf\xa3"):
        return Container.MATROSKA
    if head[:4] == b"RIFF":
        return {b"AVI ": Container.AVI, b"WEBP": Container.WEBP}.get(head[8:12])
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Container.GIF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Container.PNG
    return Container.MPEG_TS if _is_transport_stream(data) else None


def _is_transport_stream(data: bytes) -> bool:
    plain, timed = data[: 3 * _PACKET : _PACKET], data[4 : 4 + 3 * _TIMED_PACKET : _TIMED_PACKET]
    return plain == b"GGG" or timed == b"GGG"
