"""Many frames at once have the fingerprints that each has alone."""

import numpy as np

from staydown.fingerprints import many, pdq


def test_many_frames_have_the_fingerprints_and_the_quality_that_each_has_alone() -> None:
    rng = np.random.default_rng(2)
    blocks = rng.integers(0, 256, (6, 2, 8, 8)).repeat(8, axis=2).repeat(8, axis=3).astype(np.float32)
    blocks[4] /= 16
    upright, mirrored, quality = many.looks(blocks)
    for place, (one, other) in enumerate(blocks):
        assert upright[place].tobytes() == pdq.bits(pdq.coefficients(one))
        assert mirrored[place].tobytes() == pdq.bits(pdq.coefficients(other))
        assert quality[place] == pdq.quality(one)
