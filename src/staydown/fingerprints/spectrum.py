"""PDQ of any rectangle of a canvas, many at once, without cutting one out.

A canvas is a picture made of 128 x 128 cells of constant luminance. Over such a picture the cosine transform
is an integral with a closed form: between two places the integral of cos(k t) is the difference of
sin(k t) / k. So each side of a rectangle is one 16 x 128 matrix, for places between cells as well, and the
16 x 16 coefficients are down @ canvas @ across.T. On whole photographs the bits differ from the reference's
by a few, because the reference keeps 64 samples where this integrates (measured in bench/results/fingerprints.md).
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import CANVAS, Floats
from staydown.fingerprints import pdq

F = pdq.FREQUENCIES
COARSE = 8  # frequencies of each side in the coarse part of a fingerprint: 64 bits
Bits = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
_LOWER_MEDIAN = F * F // 2 - 1
_ORDERS = np.arange(1, F + 1, dtype=np.float32)
PARTS: Floats = (1 / np.outer(_ORDERS, _ORDERS)).astype(np.float32)


def sides(starts: Floats, ends: Floats, cells: int = CANVAS) -> Floats:
    """The operators of n sides, n x 16 x cells float32, from their two ends as parts of the canvas, 0 to 1.

    A side may reach beyond the canvas a little: its last cell is then taken to go on.
    """
    edges = np.arange(cells + 1, dtype=np.float32) / np.float32(cells)
    edges[0], edges[-1] = -9, 9
    angle = np.float32(np.pi) * np.clip((edges - starts[:, None]) / (ends - starts)[:, None], 0, 1)
    angle = angle.astype(np.float32)
    sines = np.empty((F, *angle.shape), dtype=np.float32)
    sines[0], twice = np.sin(angle), 2 * np.cos(angle)
    sines[1] = twice * sines[0]
    for at in range(2, F):  # sin(k t) = 2 cos(t) sin((k - 1) t) - sin((k - 2) t)
        sines[at] = twice * sines[at - 1] - sines[at - 2]
    weights = np.empty((len(angle), F, cells), dtype=np.float32)
    np.subtract(sines[..., 1:], sines[..., :-1], out=weights.swapaxes(0, 1))
    weights /= _ORDERS[:, None]
    return weights


def coefficients(canvases: Floats, boxes: Floats) -> Floats:
    """The 16 x 16 coefficients of n boxes (left, top, right, bottom), of one canvas or of n canvases."""
    return through(canvases, operators(boxes, canvases.shape[-1]))


def operators(boxes: Floats, cells: int = CANVAS) -> tuple[Floats, Floats]:
    """Of n boxes those of their two sides, down and across: for `through`, where the same boxes are asked for again."""
    return sides(boxes[:, 1], boxes[:, 3], cells), sides(boxes[:, 0], boxes[:, 2], cells)


def through(canvases: Floats, boxes: tuple[Floats, Floats]) -> Floats:
    """`coefficients` of the boxes whose operators these are."""
    down, across = boxes
    found: Floats = np.matmul(down @ canvases, across.transpose(0, 2, 1))
    return found


def waves(starts: Floats, ends: Floats, cells: int) -> Floats:
    """`sides` for `stepped` canvases: sin(k t) at the edges between cells, n x 16 x m x (cells - 1), of n x m ends.

    A sum over cells of steps of a wave is a sum over edges of the wave times the picture's steps, for every wave
    begins and ends at zero. So no step is taken for each of many sides, but once in the picture.
    """
    edges = np.arange(1, cells, dtype=np.float32) / np.float32(cells)
    angle: Floats = edges - starts[..., None]
    angle *= (np.float32(np.pi) / (ends - starts))[..., None]
    np.clip(angle, 0, np.float32(np.pi), out=angle)
    sines = np.empty((len(angle), F, *angle.shape[1:]), dtype=np.float32)
    np.sin(angle, out=sines[:, 0])
    twice = np.cos(angle, out=angle)
    twice *= 2
    np.multiply(twice, sines[:, 0], out=sines[:, 1])
    for at in range(2, F):
        np.multiply(twice, sines[:, at - 1], out=sines[:, at])
        sines[:, at] -= sines[:, at - 2]
    return sines


def stepped(canvases: Floats) -> Floats:
    """How much each corner between four cells steps, in both directions at once: ... x (cells - 1) x (cells - 1)."""
    down = canvases[..., :-1, :] - canvases[..., 1:, :]
    return down[..., :-1] - down[..., 1:]


def of_crossed(steps: Floats, columns: Floats, rows: Floats, crossings: npt.NDArray[np.intp]) -> Floats:
    """The coefficients of some crossings (n x 2: which column, which row) of intervals (each m x 2) of one stepped canvas."""
    cells = len(steps) + 1
    across, down = (waves(each[:, :1], each[:, 1:], cells)[:, :, 0] for each in (columns, rows))
    half = (down.reshape(-1, cells - 1) @ steps).reshape(down.shape)
    found = half[crossings[:, 1]] @ across[crossings[:, 0]].swapaxes(1, 2)
    return np.multiply(found, PARTS, dtype=np.float32)


def of_grid(canvas: Floats, columns: Floats, rows: Floats) -> Floats:
    """The coefficients of every row interval with every column interval of a canvas.

    `columns` and `rows` are the operators (see `sides`) of n and m of them; the result is m x n x 16 x 16, as it came
    about: not C-contiguous. Sides are shared, so this costs a fraction of as many boxes.
    """
    across, down = (each.reshape(-1, len(canvas)) for each in (columns, rows))
    products: Floats = np.matmul(down @ canvas, across.T)
    return products.reshape(len(rows), F, len(columns), F).transpose(0, 2, 1, 3)


def above(transformed: Floats) -> npt.NDArray[np.bool_]:
    """Which of each 16 x 16 coefficients are above their lower median: ... x 256, first coefficient first."""
    flat = transformed.reshape(*transformed.shape[:-2], F * F)
    median = np.partition(flat, _LOWER_MEDIAN, axis=-1)[..., _LOWER_MEDIAN, None]
    truths: npt.NDArray[np.bool_] = flat > median
    return truths


def packed(transformed: Floats) -> Bits:
    """The PDQ of each 16 x 16 coefficients: ... x 32 uint8 in the standard's order (last coefficient first)."""
    return np.packbits(above(transformed)[..., ::-1], axis=-1)


def unpacked(hashes: Bits) -> npt.NDArray[np.bool_]:
    """The inverse of `packed`: ... x 256, first coefficient first."""
    truths: npt.NDArray[np.bool_] = np.unpackbits(hashes, axis=-1)[..., ::-1].astype(bool)
    return truths


def coarse(hashes: Bits) -> Words:
    """The 64 bits of the eight lowest frequencies of each side, from n x 32 uint8: n words.

    They tolerate a window that is off by about twice as much as the whole fingerprint does. The windows of an upload
    have the signs of their coefficients in place of them, which are the same but for a few near the median.
    """
    return words(unpacked(hashes).reshape(-1, F, F)[:, :COARSE, :COARSE])


def words(low: npt.NDArray[np.bool_]) -> Words:
    """The truths of n x 8 x 8 as n words."""
    return np.packbits(low.reshape(-1, COARSE * COARSE), axis=1).view(np.uint64).reshape(-1)


def plainness(hashes: Bits) -> Floats:
    """How far each of n fingerprints (n x 32 uint8) is that of one edge, one spot or a gradient: -1 to 1.

    Where a picture is a function of its rows times one of its columns, as those are, so are its coefficients;
    then the signs of any four at the corners of a rectangle multiply to plus. In a rich picture they are as
    often minus: this is the mean over the rectangles of one or two steps a side. Such fingerprints resemble
    each other by chance; 19 of 20 windows of photographs are below 0.25.
    """
    signs = np.where(unpacked(hashes).reshape(-1, F, F), np.int8(1), np.int8(-1))
    means = []
    for high in (1, 2):
        pairs = signs[:, :-high] * signs[:, high:]
        means += [(pairs[:, :, :-wide] * pairs[:, :, wide:]).mean(axis=(1, 2), dtype=np.float32) for wide in (1, 2)]
    mean: Floats = np.mean(means, axis=0)
    return mean


def texture(canvas: Floats) -> float:
    """The part of a canvas, 0 to 1, that bends from cell to cell; plain and evenly shaded parts do not.

    Photographs lie above one half, drawings and shapes on plain ground below.
    """
    around = canvas[:-2, 1:-1] + canvas[2:, 1:-1] + canvas[1:-1, :-2] + canvas[1:-1, 2:]
    bend = np.abs(4 * canvas[1:-1, 1:-1] - around).reshape(18, 7, 18, 7).mean(axis=(1, 3))
    return float((bend > 2).mean())
