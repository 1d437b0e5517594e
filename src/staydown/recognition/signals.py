"""What was recognised, with where it comes from and how much was looked at. A signal orders and warns; it decides nothing."""

from dataclasses import dataclass

from staydown.decoding.types import Box

OVER = 0.5  # from which a moment of a film counts, and from which the map of places means anything


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the picture from which the number comes; `share` of the strongest place, 0 to 1."""

    box: Box
    share: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a film over the threshold: seconds from its beginning, and the highest number in it."""

    start: float
    end: float
    highest: float


@dataclass(frozen=True, slots=True)
class Moving:
    """What is said of a film only: frames looked at, its length in seconds, and the stretches over the threshold."""

    frames: int
    seconds: float
    seconds_over: float
    segments: tuple[Segment, ...]
    sampling: str  # the way that frames were chosen, a value of `sampling.Mode`


@dataclass(frozen=True, slots=True)
class Signals:
    """What one picture or film looks like to the recogniser.

    `nudity` is the network's number, 0 to 1: of a film the mean of its highest frames. `highest` is that of its highest
    frame, at which `places` are told. `coverage` is the part of what was sent that was looked at: below 1 where a film
    was sampled more thinly than once a second, and of what is damaged at most `DAMAGED`.
    """

    nudity: float
    highest: float
    coverage: float
    model: str
    preprocess: str
    places: tuple[Place, ...] = ()
    moving: Moving | None = None


DAMAGED = 0.99  # of a file that ends early nobody knows how much is missing, but that it is not all there
