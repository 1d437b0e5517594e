"""What a deployment may do at all, by its role and country (decision 21). Unlawful features do not exist for it."""

from dataclasses import dataclass

from staydown.regimes.harms import Role


@dataclass(frozen=True, slots=True)
class Deployment:
    """Who runs this Staydown, in the law's eyes."""

    role: Role
    country: str


def may_bank_child_safety(deployment: Deployment) -> bool:
    """Whether fingerprints of child sexual abuse material may be kept.

    Belgium's new criminal code, article 175, forbids organisations that receive reports to build a data bank from
    the images; platforms that protect their own service are not such organisations.
    """
    return deployment.role is Role.PLATFORM or (deployment.role is Role.HOTLINE and deployment.country != "BE")


def may_review_media(deployment: Deployment, *, child: bool) -> bool:
    """Whether staff of this deployment may look at reported media. Support organisations may not where a child is."""
    return not child or deployment.role in (Role.PLATFORM, Role.HOTLINE)
