"""The portal: public, no session, no cookie, no key that opens anything."""

import secrets
from urllib.parse import urlsplit

from staydown.portal import onion
from staydown.regimes.helplines import Accepted
from staydown.site import options
from staydown.site.settings.base import *  # noqa: F403  a settings module is the base plus its own lines
from staydown.site.settings.base import INSTALLED_APPS, PORTAL_URL, TEMPLATES

SECRET_KEY = secrets.token_urlsafe(50)  # nothing outlives the process: the portal signs nothing
ONION = onion.read(options.value("ONION"))
HELPLINES = Accepted(options.value("HELPLINES"))
ALLOWED_HOSTS = [urlsplit(address).hostname or "localhost" for address in (PORTAL_URL, ONION) if address]
ROOT_URLCONF = "staydown.portal.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "staydown.portal"]
TEMPLATES[0]["OPTIONS"]["context_processors"].append("staydown.portal.views.everywhere")  # type: ignore[index]  # Django types it as object
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "staydown.site.middleware.request_id",
    "staydown.portal.middleware.keep_nothing",
    "staydown.portal.onion.told",
    "django.middleware.locale.LocaleMiddleware",
    "staydown.portal.middleware.not_too_many",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# No session and no cookie exist on the portal, so a forged cross-site request has no authority to borrow.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W004", "security.W008"]
