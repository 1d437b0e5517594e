"""What a deployment may do at all, by its role and country (decision 21). Unlawful features do not exist for it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Self

from pydantic import model_validator

from staydown.regimes import places
from staydown.regimes.harms import Role
from staydown.regimes.places import Deployment
from staydown.regimes.reading import Row, Sourced, read


class Feature(StrEnum):
    """What the law of a role or a country may forbid."""

    RECEIVE_MEDIA = "receive_media"
    RECEIVE_CHILD_MEDIA = "receive_child_media"
    VIEW_CHILD_MEDIA = "view_child_media"
    BANK_CHILD_SAFETY = "bank_child_safety"
    BANK_CHILD_IMAGES = "bank_child_images"


class Refusal(Sourced):
    """Why deployments of these roles, in these countries (empty: everywhere), may not have a feature."""

    feature: Feature
    roles: frozenset[Role]
    countries: tuple[str, ...] = ()
    law: str
    why: str

    def reaches(self, deployment: Deployment) -> bool:
        """Whether it binds: by the country of the deployment, or any whose people it serves."""
        here = not self.countries or any(
            places.inside(each, area) for each in deployment.countries for area in self.countries
        )
        return deployment.role in self.roles and here


class Features(Row):
    version: str
    about: dict[Feature, str]
    refusals: tuple[Refusal, ...]

    @model_validator(mode="after")
    def _explains_each(self) -> Self:
        if missing := set(Feature) - set(self.about):
            raise ValueError(f"say in `about` what {', '.join(sorted(missing))} means")
        return self


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a deployment has a feature; where not, every reason, the law of its own country first."""

    feature: Feature
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        return not self.refusals


@cache
def features() -> Features:
    return read("features.yaml", Features)


def permission(feature: Feature, deployment: Deployment) -> Permission:
    """Whether this deployment may have the feature, and why not. What no row refuses is allowed."""
    found = [each for each in features().refusals if each.feature is feature and each.reaches(deployment)]
    return Permission(feature, tuple(sorted(found, key=lambda each: not each.countries)))


def may_bank_child_safety(deployment: Deployment) -> bool:
    """Whether fingerprints of child sexual abuse material may be kept."""
    return permission(Feature.BANK_CHILD_SAFETY, deployment).allowed


def may_review_media(deployment: Deployment, *, child: bool) -> bool:
    """Whether staff of this deployment may look at reported media, which they must first receive."""
    wanted = {Feature.RECEIVE_MEDIA, *((Feature.RECEIVE_CHILD_MEDIA, Feature.VIEW_CHILD_MEDIA) if child else ())}
    return all(permission(feature, deployment).allowed for feature in wanted)
