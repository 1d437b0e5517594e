"""The geometry of four corners."""

from math import hypot

from staydown.decoding.types import Box, Corners


def corners_of(box: Box) -> Corners:
    """The corners of an upright rectangle."""
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def as_box(corners: Corners) -> Box | None:
    """The upright rectangle that has these corners, or None when they are tilted or in perspective."""
    box = *corners[0], *corners[2]
    return box if corners_of(box) == corners else None


def around(corners: Corners) -> Box:
    """The upright rectangle around four corners."""
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def shared(one: Box, other: Box) -> float:
    """The part of the area of two boxes together that both cover."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, high)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return both / (areas - both) if areas > both else 0.0


def turning(corners: Corners) -> float:
    """The least of the areas that two neighbouring sides span: above 0 when the corners go clockwise and convex."""
    (a, b), (c, d), (e, f), (g, h) = corners
    one, two, three, four, five, six, seven, eight = c - a, d - b, e - c, f - d, g - e, h - f, a - g, b - h
    return min(
        one * four - two * three, three * six - four * five, five * eight - six * seven, seven * two - eight * one
    )  # fmt: skip


def sides_of(corners: Corners, size: tuple[float, float]) -> list[float]:
    """Lengths of the upper, right, lower and left side in a picture of (width, height)."""
    (width, height), ((a, b), (c, d), (e, f), (g, h)) = size, corners
    return [
        hypot((c - a) * width, (d - b) * height), hypot((e - c) * width, (f - d) * height),
        hypot((g - e) * width, (h - f) * height), hypot((a - g) * width, (b - h) * height),
    ]  # fmt: skip


def area_of(corners: Corners) -> float:
    """The area, as a part of the whole."""
    (a, b), (c, d), (e, f), (g, h) = corners
    return sum((a * d - b * c, c * f - d * e, e * h - f * g, g * b - h * a)) / 2


def point_of(corners: Corners, x: float, y: float) -> tuple[float, float]:
    """Where in the whole a place in a part lies; both as parts of their sides."""
    a, b, c, d, e, f, g, h = homography(corners, (1, 1), 1)
    depth = g * x + h * y + 1
    return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


def aspect_of(corners: Corners, aspect: float) -> float:
    """Width divided by height, about, of a part of a picture whose own width divided by its height is given."""
    upper, right, lower, left = sides_of(corners, (aspect, 1.0))
    return (upper + lower) / (right + left)


def homography(corners: Corners, size: tuple[int, int], side: int) -> tuple[float, ...]:
    """The eight numbers that take a place in a square of `side` to its place in a picture of (width, height).

    Source: Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989), 2.2.3.
    """
    width, height = size
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ((x * width, y * height) for x, y in corners)
    wide_x, wide_y, high_x, high_y = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    skew_x, skew_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = wide_x * high_y - high_x * wide_y
    g, h = (skew_x * high_y - high_x * skew_y) / area, (wide_x * skew_y - skew_x * wide_y) / area
    return (
        (x1 - x0 + g * x1) / side, (x3 - x0 + h * x3) / side, x0,
        (y1 - y0 + g * y1) / side, (y3 - y0 + h * y3) / side, y0, g / side, h / side,
    )  # fmt: skip
