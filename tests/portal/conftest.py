"""The portal as it runs: its own addresses, its own middleware, no cookie."""

from copy import deepcopy

import pytest
from django.conf import LazySettings
from django.test import Client

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "staydown.portal.middleware.keep_nothing",
    "django.middleware.locale.LocaleMiddleware",
    "staydown.portal.middleware.not_too_many",
]


@pytest.fixture
def her(settings: LazySettings) -> Client:
    settings.MIDDLEWARE = MIDDLEWARE
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
        "staydown.portal.views.everywhere",
    ]
    settings.TEMPLATES = templates
    return Client(enforce_csrf_checks=True)
