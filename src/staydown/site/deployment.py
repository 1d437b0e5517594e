"""What this deployment is in the eyes of the law, as its settings say (decision 21)."""

from django.conf import settings

from staydown.regimes.harms import Role
from staydown.regimes.places import Deployment


def here() -> Deployment:
    """The role, the countries and the size of the settings."""
    return Deployment(Role(settings.ROLE), settings.COUNTRY, settings.SERVES, settings.SMALL)
