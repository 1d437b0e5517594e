"""A copy is confirmed by where its windows lie, whatever was done to it; other pictures are not."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from staydown import fingerprints
from staydown.fingerprints import ImageFingerprints, Verdict, descriptor, rules, shelf
from staydown.fingerprints.turns import TURNS
from tests.pictures import jpeg, photograph

NAMES = ("coffee", "cat", "china", "flower", "rocket")
Edit = Callable[[Image.Image], Image.Image]


def _cropped(left: float, top: float, right: float, bottom: float) -> Edit:
    def crop(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        return picture.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))

    return crop


def _captioned(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", (picture.width, picture.height + 120), "white")
    page.paste(picture, (0, 120))
    ImageDraw.Draw(page).text((20, 20), "words over a picture", fill="black", font_size=40)
    return page


def _in_another(picture: Image.Image) -> Image.Image:
    page = Image.fromarray(np.tile(np.linspace(0, 255, 900).astype(np.uint8), (700, 1))).convert("RGB")
    page.paste(picture.resize((480, 330)), (250, 180))
    return page


EDITS: dict[str, Edit] = {
    "as it was": lambda picture: picture,
    "cropped on all sides": _cropped(0.05, 0.06, 0.93, 0.95),
    "its middle": _cropped(0.15, 0.15, 0.87, 0.87),
    "without its upper fifth": _cropped(0, 0.2, 1, 1),
    "mirrored and cropped": lambda picture: ImageOps.mirror(_cropped(0.05, 0.0, 1, 0.93)(picture)),
    "upside down": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
    "on its side": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "framed": lambda picture: ImageOps.expand(picture, 60, "black"),
    "under a caption": _captioned,
    "in another picture": _in_another,
    "stretched": lambda picture: picture.resize((500, 500)),
    "with its colours inverted": ImageOps.invert,
    "inverted, mirrored and cropped": lambda picture: ImageOps.invert(EDITS["mirrored and cropped"](picture)),
    "tilted": lambda picture: picture.rotate(5, Image.Resampling.BICUBIC, expand=True),
    "straightened": lambda picture: _cropped(0.1, 0.1, 0.9, 0.9)(picture.rotate(-6, Image.Resampling.BICUBIC)),
    "darkened": lambda picture: picture.point(lambda value: value * 0.55),
}


@pytest.fixture(scope="module")
def bank() -> dict[str, bytes]:
    return {name: fingerprints.of_image(jpeg(photograph(name))).windows for name in NAMES}


def seen(picture: Image.Image) -> ImageFingerprints:
    return fingerprints.of_image(jpeg(picture, 80))


@pytest.mark.parametrize("name", ["coffee", "china", "cat"])
@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit != "straightened"])
def test_a_copy_is_confirmed(bank: dict[str, bytes], edit: str, name: str) -> None:
    evidence = fingerprints.verify(seen(EDITS[edit](photograph(name))), bank[name])
    assert fingerprints.verdict(evidence) is not Verdict.NONE


@pytest.mark.parametrize("name", ["coffee", "china", "cat"])
def test_where_few_windows_are_left_descriptors_confirm_a_copy(name: str) -> None:
    known = fingerprints.of_image(jpeg(photograph(name)), descriptors=True)
    query = fingerprints.of_image(jpeg(EDITS["straightened"](photograph(name)), 80), descriptors=True)
    evidence = fingerprints.verify(query, known.windows, known.descriptor)
    assert fingerprints.verdict(evidence) in (Verdict.CERTAIN, Verdict.LIKELY)


def test_no_other_picture_is_confirmed(bank: dict[str, bytes]) -> None:
    for name in NAMES:
        for edit in ("as it was", "mirrored and cropped", "under a caption"):
            query = seen(EDITS[edit](photograph(name)))
            for other in set(NAMES) - {name}:
                assert fingerprints.verdict(fingerprints.verify(query, bank[other])) is Verdict.NONE


def test_the_frame_says_where_the_picture_lies_and_what_was_cropped_away(bank: dict[str, bytes]) -> None:
    evidence = fingerprints.verify(seen(_cropped(0.1, 0.0, 1.0, 0.8)(photograph("coffee"))), bank["coffee"])
    assert evidence.turn == TURNS[0]
    np.testing.assert_allclose(evidence.frame, (-1 / 9, 0, 1, 1.25), atol=0.05)
    assert "a part of the known picture, upright" in fingerprints.in_words(evidence)


def test_a_match_is_told_in_words(bank: dict[str, bytes]) -> None:
    mirrored = fingerprints.verify(seen(ImageOps.mirror(photograph("coffee"))), bank["coffee"])
    assert "mirrored left to right, in the whole picture" in fingerprints.in_words(mirrored)
    nothing = fingerprints.verify(seen(photograph("coffee")), bank["china"])
    assert fingerprints.in_words(nothing).startswith("No part")


def test_inverted_colours_are_told_as_such(bank: dict[str, bytes]) -> None:
    evidence = fingerprints.verify(seen(ImageOps.invert(photograph("coffee"))), bank["coffee"])
    assert evidence.negative
    assert "upright, with its colours inverted" in fingerprints.in_words(evidence)


def test_a_tilted_copy_is_told_as_such(bank: dict[str, bytes]) -> None:
    evidence = fingerprints.verify(seen(EDITS["straightened"](photograph("coffee"))), bank["coffee"])
    assert evidence.tilt in (4, 8)
    assert "upright, tilted by about" in fingerprints.in_words(evidence)


@pytest.mark.parametrize("name", ["coffee", "china", "cat"])
def test_the_negatives_to_look_up_are_the_fingerprints_of_the_inverted_picture(name: str) -> None:
    picture, inverted = seen(photograph(name)), seen(ImageOps.invert(photograph(name)))
    apart = [
        (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
        for one, other in zip(picture.negatives, inverted.turned, strict=False)
    ]
    assert len(picture.negatives) == len(picture.turned) + len(picture.regions)
    assert max(apart) <= 16


@pytest.mark.parametrize("name", ["coffee", "china", "cat"])
@pytest.mark.parametrize("edit", ["its middle", "without its upper fifth", "cropped on all sides"])
def test_mirroring_both_pictures_changes_the_evidence_little(bank: dict[str, bytes], edit: str, name: str) -> None:
    copy = EDITS[edit](photograph(name))
    here = fingerprints.verify(seen(copy), bank[name])
    there = fingerprints.verify(seen(ImageOps.mirror(copy)), seen(ImageOps.mirror(photograph(name))).windows)
    assert there.turn == here.turn
    assert there.score == pytest.approx(here.score, rel=0.25)
    np.testing.assert_allclose([1 - there.frame[2], there.frame[1]], here.frame[:2], atol=0.04)


def test_a_descriptor_is_a_second_witness(bank: dict[str, bytes]) -> None:
    """The descriptors are made up: the networks need not be installed to compare what they gave."""
    numbers = np.random.default_rng(2).normal(size=(3, 512)).astype(np.float32)
    first, second, third = descriptor.packed(numbers)
    query = replace(seen(photograph("coffee")), descriptors=(first, second))
    same = fingerprints.verify(query, bank["coffee"], second)
    assert same.similarity == pytest.approx(1, abs=0.01)
    assert "Similarity of descriptors: 1.00 of 1." in fingerprints.in_words(same)
    other = fingerprints.verify(query, bank["coffee"], third)
    assert other.similarity is not None
    assert abs(other.similarity) < 0.2
    assert fingerprints.verify(query, bank["coffee"]).similarity is None
    assert fingerprints.verify(replace(query, descriptors=()), bank["coffee"], second).similarity is None


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_flat_upload_matches_nothing(bank: dict[str, bytes], shade: int) -> None:
    query = seen(Image.new("RGB", (600, 400), (shade,) * 3))
    assert query.regions == ()
    assert fingerprints.verify(query, bank["coffee"]) == fingerprints.NOTHING


def test_a_flat_entry_is_matched_by_nothing(bank: dict[str, bytes]) -> None:
    query, flat = seen(photograph("coffee")), seen(Image.new("RGB", (600, 400)))
    evidence = fingerprints.verify(query, flat.windows)
    assert (evidence.score, evidence.visible) == (0, 0)
    assert fingerprints.verdict(evidence) is Verdict.NONE


def test_a_malformed_entry_is_refused() -> None:
    with pytest.raises(fingerprints.MalformedWindows):
        fingerprints.verify(seen(photograph("coffee")), bytes(10))


def test_a_search_finds_the_cropped_picture_among_others(bank: dict[str, bytes]) -> None:
    held = fingerprints.shelved(list(bank.values()))
    for place, name in enumerate(bank):
        assert place in fingerprints.search(held, seen(EDITS["mirrored and cropped"](photograph(name))))


def test_a_search_of_nothing_or_for_nothing_finds_nothing(bank: dict[str, bytes]) -> None:
    assert fingerprints.search(fingerprints.shelved([]), seen(photograph("coffee"))) == []
    assert fingerprints.search(fingerprints.shelved(list(bank.values())), seen(Image.new("L", (300, 300)))) == []


def test_a_search_never_returns_a_place_that_was_not_shelved(bank: dict[str, bytes]) -> None:
    flat = seen(Image.new("RGB", (600, 400))).windows
    held = fingerprints.shelved([flat, bank["coffee"], flat])
    assert fingerprints.search(held, seen(photograph("coffee"))) == [1]


@given(st.integers(0, 64))
def test_a_shelf_finds_words_and_their_opposites_within_the_radius_and_no_others(apart: int) -> None:
    """Bit by bit: distances up to 11, and from 53 on, of 64."""
    held = shelf.Shelf(np.zeros(3, np.uint64), np.array([4, 4, 7]))
    found = shelf.among(held, np.array([(1 << apart) - 1], np.uint64))
    assert found == ([4, 7] if min(apart, 64 - apart) <= shelf.RADIUS else [])


def one_by_one(held: shelf.Shelf, words: np.ndarray) -> list[int]:
    """The entries within the radius, each word compared with every other, in `shelf.among`'s order."""
    apart = np.bitwise_count(held.coarse[:, None] ^ words[None]).astype(int)
    apart = np.minimum(apart, 64 - apart)
    support = np.maximum(0, shelf.RADIUS + 1 - apart).sum(axis=1)
    entries = {int(entry): np.flatnonzero(held.entry == entry) for entry in held.entry}
    found = {entry: (apart[rows].min(), -support[rows].sum(), entry) for entry, rows in entries.items()}
    return [entry for entry, rank in sorted(found.items(), key=lambda each: each[1]) if rank[0] <= shelf.RADIUS]


@pytest.mark.parametrize("edit", ["as it was", "its middle", "inverted, mirrored and cropped", "in another picture"])
def test_a_shelf_ranks_entries_as_comparing_every_window_with_every_other_does(
    bank: dict[str, bytes], edit: str
) -> None:
    held = fingerprints.shelved(list(bank.values()))
    for name in NAMES:
        words = seen(EDITS[edit](photograph(name))).sight.looks.coarse
        assert shelf.among(held, words) == one_by_one(held, words)


def test_a_verdict_needs_everything_its_rule_asks(bank: dict[str, bytes]) -> None:
    exact = fingerprints.verify(seen(photograph("coffee")), bank["coffee"])
    assert fingerprints.verdict(exact) is Verdict.CERTAIN
    assert [rule.verdict for rule in rules.RULES] == sorted((r.verdict for r in rules.RULES), key=list(Verdict).index)
    assert fingerprints.verdict(fingerprints.NOTHING) is Verdict.NONE


def test_regions_are_eight_forms_each_and_take_part_in_comparisons_but_the_sight_does_not() -> None:
    one, other = seen(photograph("coffee")), seen(photograph("coffee"))
    assert len(one.regions) % 8 == 0
    assert {len(form) for form in one.regions} == {32}
    assert one == other
    assert "sight" not in repr(one)
