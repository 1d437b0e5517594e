"""A deployment that names no custodians is told so before it is let onto the network."""

import pytest
from django.core.checks import run_checks

from staydown.vault.evidence.checks import NO_CUSTODIANS

from .conftest import Vault

pytestmark = pytest.mark.django_db


def warned() -> bool:
    return any(found.id == NO_CUSTODIANS for found in run_checks(include_deployment_checks=True))


def test_evidence_without_custodians_is_warned_of_before_deploying(settings):
    settings.CUSTODIANS = None
    assert warned()


def test_named_custodians_are_no_reason_to_warn(vault: Vault):
    assert not warned()
