"""The harm codes and what goes with them: the words every other package uses (product.md, "Words")."""

from enum import StrEnum


class Harm(StrEnum):
    CSAM = "CSAM"
    GROOMING = "GROOMING"
    SEXUAL_VIOLENCE_RECORDING = "SEXUAL_VIOLENCE_RECORDING"
    SEXTORTION = "SEXTORTION"
    NCII = "NCII"
    SYNTHETIC_NCII = "SYNTHETIC_NCII"
    VOYEURISM = "VOYEURISM"
    EXPOSURE_HARASSMENT = "EXPOSURE_HARASSMENT"
    UNSPECIFIED = "UNSPECIFIED"


class Tri(StrEnum):
    """Yes, no, or not known. What "unknown" counts as is said where it is used (decision 16)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Flag(StrEnum):
    """What a reporter may add; `minor` is a `Tri` of its own."""

    IMMINENT_DANGER = "imminent_danger"
    LIVE = "live"
    VIRAL = "viral"
    SYNTHETIC = "synthetic"
    SELF_GENERATED = "self_generated"
    THREAT_ONLY = "threat_only"
    COMMERCIAL = "commercial"
    PERSON_SHOWN = "person_shown"


class Capacity(StrEnum):
    """As whom somebody reports."""

    SELF = "self"
    PARENT = "parent"
    AGENT = "agent"
    TRUSTED_FLAGGER = "trusted_flagger"
    WITNESS = "witness"


class Role(StrEnum):
    """What a deployment is. The law allows each something else."""

    PLATFORM = "platform"
    HOTLINE = "hotline"
    SUPPORT_NGO = "support_ngo"
    SELF_HELP = "self_help"


CHILD_HARMS = frozenset({Harm.CSAM, Harm.GROOMING})


def may_be_a_child(harm: Harm, minor: Tri) -> bool:
    """Whether a child is or may be shown: what viewing, storing and routing go by (decision 16)."""
    return harm in CHILD_HARMS or minor is not Tri.NO


def child_safety(harm: Harm, minor: Tri) -> bool:
    """Whether a case is a child-safety case: child harm, or a minor for certain (decision 19)."""
    return harm in CHILD_HARMS or minor is Tri.YES
