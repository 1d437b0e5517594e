"""The portal as it runs: its own addresses, its own middleware, no cookie."""

import importlib.util
from copy import deepcopy
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from django.conf import LazySettings
from django.test import Client

ROOT = Path(__file__).parents[2]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "staydown.portal.middleware.keep_nothing",
    "django.middleware.locale.LocaleMiddleware",
    "staydown.portal.middleware.not_too_many",
]


@pytest.fixture
def her(settings: LazySettings) -> Client:
    return portal(settings)


def portal(settings: LazySettings) -> Client:
    """The portal, from here on, as a browser meets it."""
    settings.MIDDLEWARE = MIDDLEWARE
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
        "staydown.portal.views.everywhere",
    ]
    settings.TEMPLATES = templates
    return Client(enforce_csrf_checks=True)


@pytest.fixture(scope="session")
def messages() -> ModuleType:
    """tools/messages.py."""
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sentences(messages: ModuleType) -> Catalog:
    """Every sentence that there is to translate: looked for once."""
    found: Catalog = messages.template()
    return found
