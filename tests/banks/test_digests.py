"""A file is known by every exact digest that lists of others carry, and no forged one blocks anything."""

import hashlib
import json
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from staydown.banks import tasks
from staydown.banks.actions import asking, importing, keeping, meeting
from staydown.banks.digests import OtherDigests
from staydown.banks.kept import Kept
from staydown.banks.listing import BadListing, Listing
from staydown.banks.models import BankChange, Entry, Fingerprint, Match
from staydown.banks.policy import Policy
from staydown.banks.rules import EntryState, Hit, counts, strength
from staydown.console.templatetags.matches import how
from staydown.platforms.rules import ItemState, Verdict
from staydown.vault import fingerprints as sealed
from tests import people
from tests.banks.test_freshness import banked
from tests.pictures import jpeg, photograph

COFFEE = jpeg(photograph("coffee"))
ROCKET = jpeg(photograph("rocket"))
NOTHING_KEPT = Kept(())


def with_a_comment(data: bytes, words: bytes = b"from a phone") -> bytes:
    """The same JPEG with a comment segment behind its start (ITU-T T.81, B.2.4.5)."""
    return data[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + data[2:]


def listed_elsewhere(entry: Entry, kept: Kept = NOTHING_KEPT, **digests: bytes) -> Entry:
    """An entry that is known by a list's digests or PDQ alone, as of the case of another."""
    row = asking.remember(
        asking.Asked(kept, 100 if kept.turned else 0, None, others=OtherDigests.keyed(**digests)), people.NOW
    )
    entry = Entry.objects.create(
        fingerprint=row, case=entry.case, harm=entry.harm, banked_at=people.NOW, banked_by=entry.banked_by,
        catalogue_seq=Fingerprint.objects.latest("seq").seq, state=EntryState.HOLDING,
    )  # fmt: skip
    generation = BankChange.objects.latest("generation").generation + 1
    BankChange.objects.create(generation=generation, entry=entry, state=EntryState.HOLDING, at=people.NOW)
    return entry


def upload(platform, data: bytes) -> dict[str, object]:
    """What the platform is answered, without the check's own number."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    key = people.key_of(platform)
    media = {"media": SimpleUploadedFile("picture.jpg", data), "account_id": "zoe"}
    answer = Client().post("/api/v1/uploads/check", media, headers={"Authorization": f"Bearer {key}"})
    said = json.loads(answer.content)
    del said["check_id"]
    return {"status": answer.status_code, "headers": sorted(answer.headers), **said}


@pytest.mark.parametrize(
    ("hit", "does"),
    [
        (Hit(EntryState.HOLDING, False, 256, 90, forgeable=True), Verdict.HOLD),
        (Hit(EntryState.BLOCKING, False, 256, 90, forgeable=True), Verdict.HOLD),
        (Hit(EntryState.BLOCKING, False, 3, 90, forgeable=True), Verdict.BLOCK),
        (Hit(EntryState.PROPOSED, False, 256, 0, forgeable=True), Verdict.HOLD),
        (Hit(EntryState.HOLDING, False, 256, 90, None, Policy(shadow=True), forgeable=True), Verdict.HOLD),
        (Hit(EntryState.FROZEN, False, 256, 90, forgeable=True), Verdict.ALLOW),
        (Hit(EntryState.WITHDRAWN, False, 0, 90, forgeable=True), Verdict.ALLOW),
    ],
)
def test_a_digest_that_can_be_forged_holds_and_never_blocks_by_itself(hit: Hit, does: Verdict):
    assert strength(hit) is does
    assert counts(hit) is (does is not Verdict.ALLOW)


@pytest.mark.django_db
def test_a_banked_jpeg_is_blocked_whatever_was_written_about_it():
    platform = people.plaza()
    there = people.posted(platform, "there", with_a_comment(COFFEE), account="bob")
    entry = banked(platform)
    check = people.checked(platform, with_a_comment(COFFEE, b"edited"), "zoe")
    assert check.verdict == Verdict.BLOCK
    assert check.matches.get().exact
    tasks.sweep(str(entry.pk))
    there.refresh_from_db()
    assert there.state == ItemState.REMOVED


@pytest.mark.django_db
def test_a_jpeg_that_cannot_be_opened_is_known_without_its_metadata():
    platform = people.plaza()
    entry = banked(platform)
    asked = asking.Asked(Kept(()), 0, hashlib.sha256(b"x").digest(), others=OtherDigests.of(with_a_comment(COFFEE)))
    assert [(each.entry_id, each.hit.exact) for each in meeting.matches(asked.seen)] == [(entry.pk, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["md5", "sha1"])
def test_what_a_list_knows_by_a_forgeable_digest_is_held_at_upload_registration_and_in_the_catalogue(kind: str):
    platform = people.plaza()
    there = people.posted(platform, "there", ROCKET, account="bob")
    entry = listed_elsewhere(banked(platform), **{kind: hashlib.new(kind, ROCKET).digest()})
    check = people.checked(platform, ROCKET, "zoe")
    match = check.matches.get()
    assert (check.verdict, match.exact, match.forgeable) == (Verdict.HOLD, False, True)
    assert "another file can be made to have" in how(match)
    assert people.posted(platform, "late", ROCKET, account="zoe").state == ItemState.HELD
    tasks.sweep(str(entry.pk))
    there.refresh_from_db()
    assert there.state == ItemState.HELD
    keeping.freeze(entry, "stay-down", people.NOW)
    assert people.checked(platform, ROCKET, "ada").verdict == Verdict.ALLOW  # forged ones can be stopped


@pytest.mark.django_db
def test_a_platforms_own_list_may_name_its_posts_by_forgeable_digests(tmp_path: Path):
    platform = people.plaza()
    listed_elsewhere(banked(platform), md5=hashlib.md5(ROCKET).digest())
    path = tmp_path / "items.csv"
    lines = [
        f"a,{'ab' * 32},90,{hashlib.md5(ROCKET).hexdigest()},",
        f"b,{'cd' * 32},90,,{hashlib.sha1(ROCKET).hexdigest()}",
    ]
    path.write_text("\n".join(["item_id,pdq,quality,md5,sha1", *lines]), encoding="utf-8")
    file = Listing.of(path)
    list(importing.go_on(importing.begin(platform, file, people.NOW), file))
    assert Match.objects.get().forgeable
    later = listed_elsewhere(Entry.objects.first(), sha1=hashlib.sha1(ROCKET).digest())
    tasks.sweep(str(later.pk))
    assert set(platform.items.filter(external_id__in="ab").values_list("state", flat=True)) == {ItemState.HELD}


def test_a_digest_of_the_wrong_length_is_no_digest(tmp_path: Path):
    path = tmp_path / "items.csv"
    path.write_text(f"item_id,pdq,quality,md5\na,{'ab' * 32},90,{'00' * 20}\n", encoding="utf-8")
    with pytest.raises(BadListing, match="md5 as 32"):
        list(Listing.of(path).after(0))


@pytest.mark.django_db
def test_no_digest_is_stored_as_the_one_that_lists_carry():
    platform = people.plaza()
    row = people.checked(platform, COFFEE).fingerprint
    stored = {bytes(digest) for digest in (row.exact, row.bare, row.sha1, row.md5)}
    plain = {hashlib.new(kind, COFFEE).digest() for kind in ("sha256", "sha1", "md5")}
    assert len(stored) == 4
    assert not stored & plain
    digest = hashlib.sha256(COFFEE).digest()
    assert sealed.keyed_digest(digest) != sealed.keyed_digest(digest, "bare")  # one kind is no other
    picture = people.checked(platform, png_of_noise()).fingerprint
    assert picture.bare is None


def png_of_noise() -> bytes:
    from tests.pictures import png

    return png(Image.effect_noise((200, 160), 80))
