/**
 * PDQ of a picture, as the Python core computes it: 256 bits for each of its eight orientations, and its quality.
 *
 * Source: Facebook, "The TMK+PDQ Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019). Smoothing and
 * decimation are linear and act on each side alone, so each side is 64 rows of weights; a picture is read once, band
 * after band, and never held whole. No network, no storage, no dependency.
 */

export const REDUCED = 64;
export const FREQUENCIES = 16;
const BITS = FREQUENCIES * FREQUENCIES;

/** @typedef {{ first: number, weights: Float64Array }} Row where a row of an operator begins, and its weights from there on */
/** @typedef {{ pdq: string[], quality: number }} Fingerprint eight times 64 hexadecimal digits, upright first */

/**
 * The first and the last sample that the box filter averages at one place of a side.
 * @param {number} at @param {number} length @returns {[number, number]}
 */
function box(at, length) {
  const window = Math.floor((length + 2 * REDUCED - 1) / (2 * REDUCED));
  const ahead = Math.floor((window + 2) / 2) - 1;
  return [Math.max(0, at - (window - 1 - ahead)), Math.min(length - 1, at + ahead)];
}

/**
 * The operator of one side: two passes of the box filter, then every length / 64th sample.
 * @param {number} length pixels @param {boolean} backwards read from its other end @returns {Row[]}
 */
export function operator(length, backwards = false) {
  return Array.from({ length: REDUCED }, (_, index) => {
    const kept = Math.floor(((index + 0.5) * length) / REDUCED);
    const [outerFirst, outerLast] = box(kept, length);
    const [begin, end] = [box(outerFirst, length)[0], box(outerLast, length)[1]];
    const weights = new Float64Array(end - begin + 1);
    for (let inner = outerFirst; inner <= outerLast; inner++) {
      const [first, last] = box(inner, length);
      const weight = 1 / ((outerLast - outerFirst + 1) * (last - first + 1));
      for (let place = first; place <= last; place++) weights[place - begin] += weight;
    }
    return backwards ? { first: length - 1 - end, weights: weights.reverse() } : { first: begin, weights };
  });
}

/**
 * The luminance of one row. @param {Uint8ClampedArray} rgba @param {number} from @param {Float64Array} line to write it to
 */
export function luminance(rgba, from, line) {
  for (let x = 0, at = from; x < line.length; x++, at += 4) {
    line[x] = 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
  }
}

/** Reads the lines of a picture from top to bottom and reduces its four flips to 64 x 64 each. */
export class Reducer {
  /** @param {number} width @param {number} height pixels, upright */
  constructor(width, height) {
    this.width = width;
    this.down = [operator(height), operator(height, true)];
    this.total = this.down.map(() => Array.from({ length: REDUCED }, () => new Float64Array(width)));
  }

  /** @param {Float64Array} line luminance of one row @param {number} row */
  add(line, row) {
    this.down.forEach((side, way) => side.forEach((one, index) => weigh(one, row, line, this.total[way][index])));
  }

  /** The picture as it is, upside down, mirrored, and turned by 180 degrees. @returns {Float64Array[]} */
  flips() {
    const across = [operator(this.width), operator(this.width, true)];
    return across.flatMap((side) => this.total.map((rows) => reduced(rows, side)));
  }
}

/** @param {Row} one @param {number} row @param {Float64Array} line @param {Float64Array} sums */
function weigh(one, row, line, sums) {
  const weight = one.weights[row - one.first];
  if (weight) for (let x = 0; x < sums.length; x++) sums[x] += weight * line[x];
}

/** An operator applied to one line. @param {Row[]} side @param {Float64Array} line @returns {Float64Array} */
export function applied(side, line) {
  const found = new Float64Array(side.length);
  side.forEach(({ first, weights }, place) => {
    let sum = 0;
    for (let at = 0; at < weights.length; at++) sum += weights[at] * line[first + at];
    found[place] = sum;
  });
  return found;
}

/** @param {Float64Array[]} rows @param {Row[]} side @returns {Float64Array} 64 x 64 */
function reduced(rows, side) {
  const found = new Float64Array(REDUCED * REDUCED);
  rows.forEach((row, y) => found.set(applied(side, row), y * REDUCED));
  return found;
}

const COSINES = Array.from({ length: FREQUENCIES }, (_, index) =>
  Float64Array.from({ length: REDUCED }, (_, at) =>
    Math.sqrt(2 / REDUCED) * Math.cos((Math.PI / (2 * REDUCED)) * (index + 1) * (2 * at + 1))),
);

/** The 16 x 16 low frequencies of a 64 x 64 luminance. @param {Float64Array} luma @returns {Float64Array} */
export function coefficients(luma) {
  const half = COSINES.map((wave) =>
    Float64Array.from({ length: REDUCED }, (_, x) => wave.reduce((sum, cosine, y) => sum + cosine * luma[y * REDUCED + x], 0)));
  const found = new Float64Array(BITS);
  half.forEach((row, v) =>
    COSINES.forEach((wave, u) => {
      found[v * FREQUENCIES + u] = wave.reduce((sum, cosine, x) => sum + cosine * row[x], 0);
    }),
  );
  return found;
}

/** Bits above the lower median, the last coefficient first. @param {Float64Array} found @returns {string} 64 digits */
export function digits(found) {
  const median = Float64Array.from(found).sort()[BITS / 2 - 1];
  let written = "";
  for (let at = BITS - 1; at > 0; at -= 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + (found[at - bit] > median ? 1 : 0);
    written += digit.toString(16);
  }
  return written;
}

/** @param {Float64Array} luma @returns {Float64Array} rows and columns exchanged */
function exchanged(luma) {
  return luma.map((_, at) => luma[(at % REDUCED) * REDUCED + Math.floor(at / REDUCED)]);
}

/** How much there is to compare, 0 (flat) to 100. @param {Float64Array} luma @returns {number} */
export function quality(luma) {
  let steps = 0;
  const step = (/** @type {number} */ one, /** @type {number} */ other) => Math.abs(Math.trunc(((one - other) * 100) / 255));
  for (let y = 0; y < REDUCED; y++) {
    for (let x = 0; x < REDUCED; x++) {
      const here = luma[y * REDUCED + x];
      if (x + 1 < REDUCED) steps += step(here, luma[y * REDUCED + x + 1]);
      if (y + 1 < REDUCED) steps += step(here, luma[(y + 1) * REDUCED + x]);
    }
  }
  return Math.min(100, Math.floor(steps / 90));
}

/**
 * The fingerprint of four flips, in the order of orientations that the Python core documents.
 * @param {Float64Array[]} flips @returns {Fingerprint}
 */
export function ofFlips([upright, upsideDown, mirrored, halfTurn]) {
  const seen = [upright, exchanged(mirrored), halfTurn, exchanged(upsideDown), upsideDown, mirrored, exchanged(upright), exchanged(halfTurn)];
  return { pdq: seen.map((luma) => digits(coefficients(luma))), quality: quality(upright) };
}
