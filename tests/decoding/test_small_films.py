"""Films that are cut short or spoilt, of every kind: an answer or a refusal with a name, from a worker that lives."""

from collections.abc import Iterator

import pytest

from staydown import decoding
from staydown.banks import media
from tests.decoding import corpus, small_films


@pytest.fixture(scope="module")
def films() -> dict[str, bytes]:
    return dict(small_films.every())


def spoilt(whole: bytes) -> Iterator[bytes]:
    yield whole[: len(whole) // 2]
    yield from corpus.mutations(seed=3, count=3, whole=[whole])


def test_each_is_opened_as_it_is(films: dict[str, bytes]):
    for name, data in films.items():
        seen = media.opened(data)
        assert name == "AVIF" or seen.film, name


@pytest.mark.parametrize("name", [*(coded[0] for coded in small_films.CODED), *small_films.DRAWN])
def test_spoilt_it_is_answered_or_refused_by_name(films: dict[str, bytes], name: str):
    for data in spoilt(films[name]):
        try:
            media.opened(data)
        except decoding.Unavailable:
            raise
        except decoding.DecodingError:
            continue
