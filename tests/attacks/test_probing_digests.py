"""Whoever owns a list of digests, or makes two files share one, learns nothing and blocks nothing."""

import hashlib

import pytest
from django.test import Client

from staydown.platforms.models import Check
from staydown.platforms.rules import Verdict
from tests import people
from tests.banks.test_digests import ROCKET, listed_elsewhere, upload
from tests.banks.test_freshness import COPY, banked

DIGESTS = ({"kind": "md5", "value": hashlib.md5(ROCKET).hexdigest()}, {"kind": "sha1", "value": "ab" * 20})


@pytest.mark.django_db
def test_a_match_by_md5_is_answered_like_any_other_that_is_held():
    platform = people.plaza()
    listed_elsewhere(banked(platform), md5=hashlib.md5(ROCKET).digest())
    by_digest, by_likeness = upload(platform, ROCKET), upload(platform, COPY)
    assert by_digest == by_likeness
    assert by_digest["verdict"] == Verdict.HOLD
    assert by_digest["reasons"] == ["known_material"]
    held = Check.objects.filter(verdict=Verdict.HOLD)
    assert len({str(row) for row in held.values_list("state", "resolution", "labels", "reasons")}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("digest", DIGESTS)
def test_nobody_can_ask_the_bank_about_a_digest_without_the_file(digest: dict[str, str]):
    platform = people.plaza()
    listed_elsewhere(banked(platform), md5=hashlib.md5(ROCKET).digest())
    key = people.key_of(platform)
    asked = {"fingerprints": [digest | {"quality": 100}]}
    answer = Client().post(
        "/api/v1/uploads/check", asked, "application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 422


@pytest.mark.django_db
def test_two_files_that_share_an_md5_do_not_block_each_other(monkeypatch: pytest.MonkeyPatch):
    from staydown.banks.digests import OtherDigests

    shared = OtherDigests.keyed(md5=b"m" * 16)  # as a published collision would give two files
    monkeypatch.setattr(OtherDigests, "of", classmethod(lambda cls, data: shared))
    platform = people.plaza()
    banked(platform)
    assert people.checked(platform, ROCKET, "zoe").verdict == Verdict.HOLD
