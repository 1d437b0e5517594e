"""The words of the EU Transparency Database (schema in force since 1 July 2025), as far as this software decides. Pure.

Source: the database's published code, commit 69e80a0 of 24 June 2026. The gendered category needs to know whose image it is,
which nobody asks.
"""

from enum import StrEnum

from staydown.regimes import places
from staydown.regimes.harms import Harm, Tri, child_safety

EEA = places.places().unions["EU"] | {"IS", "LI", "NO"}


class Visibility(StrEnum):
    REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
    DISABLED = "DECISION_VISIBILITY_CONTENT_DISABLED"
    LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED"
    AGE_RESTRICTED = "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED"
    OTHER = "DECISION_VISIBILITY_OTHER"


class AccountMeasure(StrEnum):
    SUSPENDED = "DECISION_ACCOUNT_SUSPENDED"
    TERMINATED = "DECISION_ACCOUNT_TERMINATED"


class ServiceMeasure(StrEnum):
    """The provision of the service to somebody: a restricted account can be there, and publish nothing."""

    PARTLY_SUSPENDED = "DECISION_PROVISION_PARTIAL_SUSPENSION"
    SUSPENDED = "DECISION_PROVISION_TOTAL_SUSPENSION"
    PARTLY_TERMINATED = "DECISION_PROVISION_PARTIAL_TERMINATION"
    TERMINATED = "DECISION_PROVISION_TOTAL_TERMINATION"


class Ground(StrEnum):
    ILLEGAL = "DECISION_GROUND_ILLEGAL_CONTENT"
    INCOMPATIBLE = "DECISION_GROUND_INCOMPATIBLE_CONTENT"


class Source(StrEnum):
    NOTICE = "SOURCE_ARTICLE_16"
    TRUSTED_FLAGGER = "SOURCE_TRUSTED_FLAGGER"
    OTHER_NOTIFICATION = "SOURCE_TYPE_OTHER_NOTIFICATION"
    VOLUNTARY = "SOURCE_VOLUNTARY"  # also a match with what is banked: no notice preceded that item


class Automated(StrEnum):
    FULLY = "AUTOMATED_DECISION_FULLY"
    PARTIALLY = "AUTOMATED_DECISION_PARTIALLY"
    NOT = "AUTOMATED_DECISION_NOT_AUTOMATED"


class Content(StrEnum):
    IMAGE = "CONTENT_TYPE_IMAGE"
    VIDEO = "CONTENT_TYPE_VIDEO"
    TEXT = "CONTENT_TYPE_TEXT"
    SYNTHETIC = "CONTENT_TYPE_SYNTHETIC_MEDIA"
    OTHER = "CONTENT_TYPE_OTHER"


class Category(StrEnum):
    MINORS = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    CYBER_VIOLENCE = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE"
    NOT_SPECIFIED = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"
    NOT_SPECIFIED_ORDER = "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"  # of the yearly report alone


class Keyword(StrEnum):
    CSAM = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"
    CSAM_SYNTHETIC = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"
    GROOMING = "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS"
    NCII = "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING"
    SYNTHETIC_NCII = "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE"
    HARASSMENT = "KEYWORD_CYBER_HARASSMENT"
    OTHER = "KEYWORD_OTHER"


OF_ADULTS: dict[Harm, tuple[Category, Keyword | None]] = {
    Harm.NCII: (Category.CYBER_VIOLENCE, Keyword.NCII),
    Harm.SYNTHETIC_NCII: (Category.CYBER_VIOLENCE, Keyword.SYNTHETIC_NCII),
    Harm.VOYEURISM: (Category.CYBER_VIOLENCE, Keyword.NCII),
    Harm.SEXTORTION: (Category.CYBER_VIOLENCE, Keyword.HARASSMENT),
    Harm.EXPOSURE_HARASSMENT: (Category.CYBER_VIOLENCE, Keyword.HARASSMENT),
    Harm.SEXUAL_VIOLENCE_RECORDING: (Category.VIOLENCE, Keyword.OTHER),
    Harm.UNSPECIFIED: (Category.NOT_SPECIFIED, None),
}
OTHER_WORDS = {  # what KEYWORD_OTHER stands for
    Harm.SEXUAL_VIOLENCE_RECORDING: "recording of sexual violence",
    Harm.EXPOSURE_HARASSMENT: "exposure of a child in order to harass",
}


def category_of(harm: Harm, minor: Tri, *, synthetic: bool) -> tuple[Category, Keyword | None]:
    """The category of a harm, and the keyword within it. What concerns a child is never among what concerns adults."""
    if not child_safety(harm, minor):
        return OF_ADULTS[harm]
    if harm in (Harm.GROOMING, Harm.SEXTORTION):
        return Category.MINORS, Keyword.GROOMING
    if harm is Harm.EXPOSURE_HARASSMENT:
        return Category.MINORS, Keyword.OTHER
    return Category.MINORS, Keyword.CSAM_SYNTHETIC if synthetic or harm is Harm.SYNTHETIC_NCII else Keyword.CSAM
