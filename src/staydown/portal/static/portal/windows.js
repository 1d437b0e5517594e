/**
 * PDQ of twenty fixed windows of a picture, as the Python core banks them, so that a crop of it is recognised, too.
 *
 * The picture is brought to 128 x 128 cells; over cells the cosine transform of any rectangle has a closed form (see
 * `fingerprints/spectrum.py`). 660 bytes: of each window its 32 bytes, then its quality.
 */

import { FREQUENCIES, REDUCED, applied, digits, quality } from "./pdq.js";

const CELLS = 128;
const TEXTURED = 0.4; // below it, a picture is a drawing, or a shape on plain ground, of which no window tells
const BLOCK = 7; // cells of a side, 18 of which are looked at for texture
const BENDS = 2; // of 255

/** @typedef {import("./pdq.js").Row} Row */
/** @typedef {[number, number, number, number]} Box left, top, right, bottom as parts of the sides */

const CORNERS = [[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]];
const NINE = [0, 0.5, 1].flatMap((y) => [0, 0.5, 1].map((x) => [x, y]));

/** @param {number} scale @param {number[][]} places @returns {Box[]} */
function at(scale, places) {
  const free = 1 - scale;
  return places.map(([x, y]) => [x * free, y * free, x * free + scale, y * free + scale]);
}

/** @type {Box[]} */
const WINDOWS = [[0, 0, 1, 1], ...at(0.79, CORNERS), ...at(0.62, CORNERS), ...at(0.48, NINE)];

/**
 * The operator that takes the mean over each of `count` equal parts between two places of a side.
 * @param {number} length samples @param {number} count @param {number} start @param {number} end @returns {Row[]}
 */
function means(length, count, start = 0, end = 1) {
  const step = ((end - start) * length) / count;
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [start * length + index * step, start * length + (index + 1) * step];
    const first = Math.max(0, Math.floor(from));
    const last = Math.max(first + 1, Math.min(length, Math.ceil(to - 1e-9)));
    const weights = Float64Array.from({ length: last - first }, (_, place) =>
      Math.max(0, Math.min(to, first + place + 1) - Math.max(from, first + place)) / step);
    return { first, weights };
  });
}

/** Reads the lines of a picture from top to bottom and brings it to 128 x 128 cells. */
export class Canvas {
  /** @param {number} width @param {number} height pixels, upright */
  constructor(width, height) {
    this.across = means(width, CELLS);
    this.down = means(height, CELLS);
    this.cells = Array.from({ length: CELLS }, () => new Float64Array(CELLS));
  }

  /** @param {Float64Array} line luminance of one row @param {number} row */
  add(line, row) {
    const folded = applied(this.across, line);
    this.down.forEach(({ first, weights }, cell) => {
      const weight = weights[row - first];
      if (weight) for (let x = 0; x < CELLS; x++) this.cells[cell][x] += weight * folded[x];
    });
  }

  /** The record of the twenty windows, of whole numbers as in the core. @returns {string} 1,320 hexadecimal digits */
  windows() {
    const cells = this.cells.map((row) => row.map(Math.round));
    const drawn = texture(cells) < TEXTURED;
    return WINDOWS.map((box) => {
      const told = drawn ? 0 : quality(reduced(cells, box));
      return digits(coefficients(cells, box)) + told.toString(16).padStart(2, "0");
    }).join("");
  }
}

/**
 * `across` applied to each row, `down` to the columns of what is left.
 * @param {Float64Array[]} cells @param {Row[]} across @param {Row[]} down @returns {Float64Array[]}
 */
function both(cells, across, down) {
  const rows = cells.map((row) => applied(across, row));
  return down.map(({ first, weights }) =>
    Float64Array.from(across, (_, x) => weights.reduce((sum, weight, place) => sum + weight * rows[first + place][x], 0)));
}

/** A window as 64 x 64, of which quality is told. @param {Float64Array[]} cells @param {Box} box @returns {Float64Array} */
function reduced(cells, [left, top, right, bottom]) {
  const rows = both(cells, means(CELLS, REDUCED, left, right), means(CELLS, REDUCED, top, bottom));
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}

/** The 16 waves over one side, summed in closed form over each cell. @param {number} start @param {number} end @returns {Row[]} */
function waves(start, end) {
  const angle = (/** @type {number} */ cell) => Math.PI * Math.min(1, Math.max(0, (cell / CELLS - start) / (end - start)));
  return Array.from({ length: FREQUENCIES }, (_, index) => ({
    first: 0,
    weights: Float64Array.from({ length: CELLS }, (_, cell) =>
      (Math.sin((index + 1) * angle(cell + 1)) - Math.sin((index + 1) * angle(cell))) / (index + 1)),
  }));
}

/** @param {Float64Array[]} cells @param {Box} box @returns {Float64Array} 16 x 16 */
function coefficients(cells, [left, top, right, bottom]) {
  const rows = both(cells, waves(left, right), waves(top, bottom));
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}

/** The part of the picture, 0 to 1, that bends from cell to cell. @param {Float64Array[]} cells @returns {number} */
function texture(cells) {
  const blocks = (CELLS - 2) / BLOCK;
  const bends = new Float64Array(blocks * blocks);
  for (let y = 1; y < CELLS - 1; y++) {
    for (let x = 1; x < CELLS - 1; x++) {
      const around = cells[y - 1][x] + cells[y + 1][x] + cells[y][x - 1] + cells[y][x + 1];
      bends[Math.floor((y - 1) / BLOCK) * blocks + Math.floor((x - 1) / BLOCK)] += Math.abs(4 * cells[y][x] - around);
    }
  }
  return bends.filter((bend) => bend / (BLOCK * BLOCK) > BENDS).length / bends.length;
}
