"""A passage of a second is found by the sampling that claims to, wherever it is."""

import pytest

from staydown import recognition
from staydown.decoding.errors import UndecodableFilm
from staydown.recognition import Mode
from tests.films import film, scene
from tests.pictures import photograph
from tests.recognition.samples import canary, with_canary


def test_a_second_in_a_film_is_found_where_key_frames_alone_miss_it() -> None:
    data = film(with_canary(8, 5.3, 1.0, 8), rate=8, g="1000", **{"x264-params": "scenecut=0"})

    quick = recognition.of_film(data, Mode.KEYS)
    found = recognition.of_film(data)

    assert quick.highest < 0.2 and quick.coverage < 0.3  # one key frame; it does not claim more
    assert found.highest > 0.8 and found.nudity > 0.5 and found.coverage > 0.95
    assert found.moving and found.moving.sampling == Mode.THOROUGH.value
    [segment] = found.moving.segments
    assert 5 <= segment.start <= 5.8 and segment.end <= 6.8
    assert 0.5 <= found.moving.seconds_over <= 1.5
    assert found.places


CLAIMING = [mode for mode in Mode if mode.claims]


@pytest.mark.parametrize("mode", [*CLAIMING, None])
def test_every_sampling_that_claims_so_short_a_passage_finds_it_after_the_first_minute_too(mode: Mode | None) -> None:
    """`None` is what uploads get: key frames, then the rest. At 61.3 s frames are looked at once a second only."""
    rate, at, lasts = 4, 61.3, max(mode.claims or 0 for mode in CLAIMING)
    quiet = photograph("china").resize((128, 96))
    suit = canary().resize((128, 96))
    frames = [suit if at <= place / rate < at + lasts else quiet for place in range(64 * rate)]

    found = recognition.of_film(film(frames, rate=rate, g="1000", **{"x264-params": "scenecut=0"}), mode)

    assert lasts == 1.0 and Mode.KEYS.claims is None
    assert found.highest > 0.5 and found.moving and found.moving.sampling == Mode.THOROUGH.value
    assert any(segment.start <= at + lasts and at <= segment.end for segment in found.moving.segments)


def test_where_a_key_frame_is_sure_nobody_waits_for_the_rest() -> None:
    found = recognition.of_film(film([canary()] * 16, rate=8))

    assert found.moving and found.moving.sampling == Mode.KEYS.value and found.highest > 0.8


def test_a_harmless_film_says_so_with_how_much_was_seen() -> None:
    found = recognition.of_film(film(scene("flower", 3)))

    assert found.nudity < 0.2 and found.places == ()
    assert found.moving and found.moving.segments == () and found.moving.seconds == pytest.approx(3, abs=0.2)


def test_what_is_no_film_is_refused() -> None:
    with pytest.raises(UndecodableFilm):
        recognition.of_film(b"\x1aE\xdf\xa3" + b"x" * 500)
