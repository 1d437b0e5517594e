"""Which kinds of file are opened at all, told by their first bytes and never by their name."""

ALLOWED = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIC")

# A JPEG with a second picture behind it (most telephones write them) is a JPEG to everyone who sees it.
SAME_AS = {"MPO": "JPEG"}

# Stills and bursts: ISO/IEC 23008-12, annex B. The last two may hold AVIF as well.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")

_SIGNATURES = (
    b"%PDF", b"8BPS", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51", b"\xff\x0a", b"\x00\x00\x00\x0cJXL ",
    b"\x00\x00\x01\x00", b"%!PS", b"\x1aE\xdf\xa3", b"OggS", b"PK\x03\x04", b"P1", b"P2", b"P3", b"P4", b"P5",
    b"P6", b"P7", b"qoif", b"DDS ", b"\x59\xa6\x6a\x95", b"<svg", b"<?xml",
)  # fmt: skip


def known_elsewhere(data: bytes) -> bool:
    """Whether bytes that no allowed decoder recognised are a kind of picture, film or document we name.

    It only chooses between two sentences ("not accepted" or "cannot be read"); nothing is opened because of
    it.
    """
    head = data[:64]
    if head[4:8] == b"ftyp":  # ISO base media: pictures, and every MP4 film
        return head[8:12] not in (b"avif", b"avis", *HEIC_BRANDS)
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE"):
        return True
    return head.lstrip().startswith(_SIGNATURES) or head.startswith(_SIGNATURES)
