"""One bit flipped, anywhere in anything that is stored: it is refused, and named (the journal: `tests/journal`)."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from allauth.mfa.models import Authenticator
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.banks.models import Fingerprint
from staydown.cases.actions import deciding, intake
from staydown.cases.details import Detail
from staydown.cases.models import Report
from staydown.cases.rules import Ruling
from staydown.people.adapters import StaffFactors
from staydown.platforms.models import Platform
from staydown.regimes.harms import Harm, Tri
from staydown.site import archives, resealing, sealed_columns
from staydown.site.archives import Manifest, NotABackup, Reading
from staydown.vault import fingerprints, opening, sealed_files
from staydown.vault.evidence import checking, screenshots
from staydown.vault.evidence.models import CaseKey, Handed
from staydown.vault.evidence.store import store
from staydown.vault.sealed_files import NotForYou, NotWhole
from staydown.vault.words import new_key_pair
from tests import people
from tests.pictures import photograph, png, resized
from tests.vault.evidence.conftest import Originals, Vault, originals, vault
from tests.vault.evidence.released import agreed, sealed

__all__ = ["originals", "vault"]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
RANDOM = Random(17)
EXAMPLES = 40
LINKS = ("https://elsewhere.example/1",)


@dataclass(frozen=True)
class Place:
    """Where something sealed is stored: how it is read and written, and what the check calls it."""

    name: str
    read: Callable[[], bytes]
    write: Callable[[bytes], object]


def flipped(data: bytes, flips: int) -> Iterator[tuple[int, bytes]]:
    """The same bytes with one bit changed: in the first byte, in the last, and at random places between."""
    places = {0, len(data) - 1, *(RANDOM.randrange(len(data)) for _ in range(flips))}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << RANDOM.randrange(8)
        yield place, bytes(changed)


def test_a_bit_of_a_backup(tmp_path: Path):
    (anna, anna_public), (_, bela_public) = new_key_pair(), new_key_pair()
    folder = "0199aaaa-0000-7000-8000-000000000000/0199aaaa-0000-7000-8000-000000000001/0123456789abcdef"
    manifest = Manifest(archives.FORMAT, NOW.isoformat(), "0", "sqlite", 0, "", 1, 0)
    path = tmp_path / "a.age"
    with sealed_files.sealing(path, sealed_files.recipients_of([anna_public, bela_public])) as into:
        objects = [(f"{folder}/000000", b"ciphertext" * 900), (f"{folder}/record", b"sealed record")]
        archives.write(into, manifest, io.BytesIO(b"the database" * 9000), objects, NOW)
    identities = sealed_files.identities_in(anna)

    def read() -> tuple[bytes, list[str]]:
        kept: list[str] = []
        with sealed_files.opened(path, identities) as content:
            database = b"".join(Reading(content).database(lambda name, _data: kept.append(name)))
        return database, kept

    assert read() == (b"the database" * 9000, [name for name, _ in objects])
    for place, content in flipped(path.read_bytes(), 60):
        path.write_bytes(content)
        with pytest.raises((NotWhole, NotForYou, NotABackup)):
            pytest.fail(f"bit {place}: {len(read()[0])} bytes were given out")


@pytest.mark.django_db
def test_a_bit_of_sealed_evidence(vault: Vault, originals: Originals):
    row = sealed(originals)
    for name in store().names():
        path = vault.folder / name
        whole = path.read_bytes()
        for _place, content in flipped(whole, 12):
            path.write_bytes(content)
            assert any(row.folder in wrong for wrong in checking.check(store()).wrong), name
        path.write_bytes(whole)
    assert checking.check(store()).wrong == []


@pytest.fixture
def told() -> Report:
    """A decided case with words in many columns."""
    item = people.posted(people.plaza(), "one")
    notice = intake.Notice(
        harm=Harm.NCII, items=(item,), links=("https://elsewhere.example/1",), words="her words",
        details={Detail.POLICE: "17"},
    )  # fmt: skip
    report = intake.receive(notice, people.receipt(), people.NOW)
    intake.add_words(report, "more of her words", people.NOW)
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return report


@pytest.mark.django_db
def test_a_bit_of_any_sealed_column(told: Report):
    seen = 0
    for column in resealing.COLUMNS:
        for row in column.model.objects.exclude(**{column.name: None}).exclude(**{column.name: b""}):
            seen += 1
            for _place, content in flipped(bytes(getattr(row, column.name)), 8):
                with pytest.raises(opening.CannotOpen):
                    pytest.fail(f"{column.model.__name__}.{column.name}: {opening.read(content)}")
    assert seen >= 8
    for row in Fingerprint.objects.all():
        for _place, content in flipped(bytes(row.kept_sealed), 8):
            with pytest.raises(fingerprints.WrongFingerprintKey):
                pytest.fail(f"a fingerprint opened: {fingerprints.unseal(content)!r}")


def in_a_column(row: models.Model, column: str) -> Place:
    rows = type(row).objects.filter(pk=row.pk)
    return Place(
        f"{row._meta.label} {row.pk}, {column}",
        lambda: bytes(rows.values_list(column, flat=True).get()),
        lambda data: rows.update(**{column: data}),
    )


def in_the_store(folder: Path, name: str) -> Place:
    return Place(name.rpartition("/")[0], (folder / name).read_bytes, (folder / name).write_bytes)


def everything(vault: Vault) -> list[Place]:
    columns = [(each.model, each.name) for each in resealing.COLUMNS]
    columns += [(Fingerprint, "kept_sealed"), (CaseKey, "private_half"), (Handed, "content"), (Handed, "record")]
    found = [in_the_store(vault.folder, name) for name in store().names()]
    for model, name in columns:
        rows = model.objects.exclude(**{name: None}).exclude(**{name: b""})
        found += [in_a_column(row, name) for row in rows]
    return found


def wrong() -> list[str]:
    return [*checking.check(store()).wrong, *sealed_columns.check().wrong]


@pytest.mark.django_db
def test_any_bit_of_anything_that_is_sealed_is_found_and_named(vault: Vault, originals: Originals):
    release = agreed(sealed(originals))
    people.posted(Platform.objects.get(), "two")
    deciding.decide(release.case, people.proposal(release.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    adult = intake.receive(
        intake.Notice(harm=Harm.NCII, minor=Tri.NO, words="hers", links=LINKS), people.receipt("two"), people.NOW
    )
    shot = [png(resized(photograph("page"), 0.1))]
    screenshots.keep(adult, shot, screenshots.Told("image/png"), people.NOW)
    places = everything(vault)
    assert wrong() == []
    kinds = {place.name.split()[0] for place in places}
    assert kinds >= {"cases.Report", "banks.Fingerprint", "evidence.CaseKey", "evidence.Handed", "evidence.Release"}
    assert any(place.name.startswith(str(release.case_id)) for place in places)

    @given(st.sampled_from(places), st.integers(min_value=0), st.integers(0, 7))
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    def one(place: Place, at: int, bit: int) -> None:
        before = place.read()
        changed = bytearray(before)
        changed[at % len(before)] ^= 1 << bit
        place.write(bytes(changed))
        assert [name for name in wrong() if place.name in name], (place.name, at % len(before), bit)
        place.write(before)

    one()
    assert wrong() == []


@pytest.mark.django_db
def test_an_authenticators_secret_that_was_altered_is_named():
    mina = people.staff("mina")
    secret = StaffFactors().encrypt("JBSWY3DPEHPK3PXP")
    row = Authenticator.objects.create(user=mina, type="totp", data={"secret": secret})
    assert (sealed_columns.check().sealed, wrong()) == (1, [])
    for at in (0, 3, 90, len(secret) - 1):
        changed = secret[:at] + ("A" if secret[at] != "A" else "B") + secret[at + 1 :]
        Authenticator.objects.filter(pk=row.pk).update(data={"secret": changed})
        assert f"Authenticator {row.pk}, data" in wrong()[0]
