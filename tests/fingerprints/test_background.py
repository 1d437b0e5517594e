"""What a likeness is worth: less, where both pictures resemble much that is benign."""

import numpy as np
import pytest

from staydown import fingerprints
from staydown.fingerprints import background, descriptor
from tests.pictures import jpeg, photograph


@pytest.fixture(scope="module")
def known() -> dict[str, bytes]:
    return {
        name: fingerprints.of_image(jpeg(photograph(name)), descriptors=True).descriptor
        for name in ("coffee", "grass", "gravel", "china")
    }


def test_a_picture_of_the_background_resembles_it_most() -> None:
    own = np.load(background.OWN)
    assert own.dtype == np.int8
    assert own.shape[1] == descriptor.NUMBERS
    assert (background.bias(own[:20]) > 1 / background.MOST_ALIKE).all()


def test_the_bias_is_the_mean_of_the_three_largest_cosines(known: dict[str, bytes]) -> None:
    levels = descriptor.levels(known.values())
    cosines = np.sort(descriptor.similarities(levels, np.load(background.OWN)), axis=1)
    np.testing.assert_allclose(background.bias(levels), cosines[:, -3:].mean(axis=1), atol=1e-5)


def test_a_likeness_is_the_similarity_less_half_of_each_bias(known: dict[str, bytes]) -> None:
    query = fingerprints.of_image(jpeg(photograph("coffee")), descriptors=True)
    own = fingerprints.likened(fingerprints.NOTHING, query.descriptors[:1], known["coffee"])
    shared = float(background.bias(descriptor.levels([known["coffee"]]))[0])
    assert own.similarity == pytest.approx(1, abs=0.01)
    assert own.likeness == pytest.approx(1 - shared, abs=0.02)


def test_textures_are_alike_only_in_what_they_share_with_all(known: dict[str, bytes]) -> None:
    evidence = fingerprints.likened(fingerprints.NOTHING, [known["grass"]], known["gravel"])
    assert evidence.similarity is not None
    assert evidence.likeness is not None
    assert evidence.likeness < evidence.similarity
    assert fingerprints.verdict(evidence) is fingerprints.Verdict.NONE
