"""A platform that hashes by itself asks about many hashes at once."""

import pytest

from staydown import fingerprints
from staydown.banks.models import Fingerprint
from staydown.banks.rules import EntryState
from staydown.journal.models import Entry as Line
from staydown.platforms.models import Check
from staydown.platforms.rules import CheckState, Scope, Verdict
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.pictures import jpeg, photograph
from tests.platforms.test_api import Api, problem

pytestmark = pytest.mark.django_db
ALLOWED = {"verdict": "allow", "check_id": None, "reasons": []}


def hashed(data: bytes, **also: str) -> dict[str, object]:
    made = fingerprints.of_image(data)
    return {"pdq": made.pdq.hex(), "quality": made.quality, **also}


OTHER = hashed(jpeg(photograph("rocket")))


def test_each_hash_is_answered_in_its_place_and_what_is_held_waits_for_a_person():
    api = Api()
    entry = banked(api.platform)
    before = Check.objects.count()
    copy = hashed(COPY, account_id="zoe", surface="chat")
    answer = api.send("POST", "/hashes/check", {"hashes": [OTHER, copy, OTHER]})
    first, held, last = answer.json()["answers"]
    assert first == last == ALLOWED
    assert (held["verdict"], held["reasons"]) == (Verdict.HOLD, ["known_material"])
    check = Check.objects.get(pk=held["check_id"])
    assert Check.objects.count() == before + 1
    assert (check.state, check.surface, check.case) == (CheckState.PENDING, "chat", entry.case)
    assert check.account and check.account.external_id == "zoe"
    assert check.matches.get().entry == entry


def test_an_allowed_hash_leaves_nothing_behind_and_a_held_one_is_in_the_journal():
    api = Api()
    banked(api.platform)
    rows, lines = Fingerprint.objects.count(), Line.objects.count()
    api.send("POST", "/hashes/check", {"hashes": [OTHER] * 3})
    assert (Fingerprint.objects.count(), Line.objects.count()) == (rows, lines)
    api.send("POST", "/hashes/check", {"hashes": [hashed(COPY)]})
    assert Fingerprint.objects.count() == rows + 1
    assert Line.objects.filter(act="upload.hold").count() == 1


def test_a_match_that_is_only_watched_is_answered_as_no_match(settings):
    from staydown.banks.policy import Policy

    api = Api()
    entry = banked(api.platform)
    settings.POLICIES = {entry.harm: Policy(shadow=True)}
    assert api.send("POST", "/hashes/check", {"hashes": [hashed(COPY)]}).json()["answers"] == [ALLOWED]
    assert entry.matches.filter(watched=True).count() == 1


def test_a_withdrawn_entry_holds_nothing_from_the_next_call_on():
    from staydown.banks.actions import keeping

    api = Api()
    entry = banked(api.platform)
    keeping.withdraw(entry, people.staff("tomas", "lead"), people.NOW)
    entry.refresh_from_db()
    assert entry.state == EntryState.WITHDRAWN
    assert api.send("POST", "/hashes/check", {"hashes": [hashed(COPY)]}).json()["answers"] == [ALLOWED]


def test_the_key_needs_its_scope_and_the_hashes_their_form():
    narrow = Api(Scope.ITEMS)
    assert "scope 'check'" in problem(narrow.send("POST", "/hashes/check", {"hashes": [OTHER]}), 403)
    key = people.key_of(narrow.platform)
    headers = {"Authorization": f"Bearer {key}"}
    for body in (
        {"hashes": []},
        {"hashes": [OTHER] * 1001},
        {"hashes": [OTHER | {"pdq": "zz" * 32}]},
        {"hashes": [OTHER | {"quality": 101}]},
        {"hashes": [OTHER | {"md5": "00" * 16}]},
        {"hash": OTHER},
        [],
    ):
        problem(narrow.send("POST", "/hashes/check", body, **headers), 422)


def test_a_key_that_is_revoked_or_narrowed_is_so_from_the_next_call_on():
    from staydown.platforms import keys
    from staydown.platforms.models import ApiKey

    api = Api()
    body = {"hashes": [OTHER]}
    assert api.send("POST", "/hashes/check", body).status_code == 200
    ApiKey.objects.update(scopes=["items"])
    problem(api.send("POST", "/hashes/check", body), 403)
    ApiKey.objects.update(scopes=["check"])
    assert api.send("POST", "/hashes/check", body).status_code == 200
    keys.revoke(ApiKey.objects.get(), by="test", now=people.NOW)
    problem(api.send("POST", "/hashes/check", body), 401)
