/**
 * Frames of a film -> their fingerprints, beside the page, packed as the Python core keeps a film (`footage.pack`): of
 * each frame the whole, and of one frame in each second its crops. Nothing here asks a server anything.
 */

import { canvas, readsTruly } from "./canvas.js";
import { digest } from "./digest.js";
import { REDUCED, applied, coefficients, digits, luminance, operator, quality } from "./pdq.js";

const ENOUGH = 256; // samples on the shorter side of a folded frame
const WIDEST = 1024; // on its longer side
const DIGESTED = 256 << 20; // bytes of a file that are held in memory for its SHA-256
const PLANES = /^(I4\d\dA?|NV12)$/; // formats of eight bits whose first plane is the brightness
const HEAD = 57;
const ROW = 38;
const LONG = 1.2;
const SCREEN = 16 / 9;
const CROPS = [[0.05, 0.05, 0.95, 0.95], [0, 0, 0.9, 0.9], [0.1, 0, 1, 0.9], [0, 0.1, 0.9, 1], [0.1, 0.1, 1, 1], [0.1, 0.1, 0.9, 0.9]];
const FIRST_CROP = 2; // its number among the parts of a frame; the whole is 0

/** @typedef {{ small: Float64Array, width: number, height: number, fold: number, across: number, down: number }} Seen
 *  brightness folded to width x height samples, of across x down pixels */
/** @typedef {{ time: number, part: number, quality: number, pdq: string }} Looked */
/** @typedef {import("./pdq.js").Row} Row */

/** @type {Looked[]} */
let rows = [];
let second = -1;

/** @param {VideoFrame} frame @returns {Promise<Seen>} */
async function brightness(frame) {
  const { width, height } = frame.visibleRect ?? { width: frame.displayWidth, height: frame.displayHeight };
  // @ts-ignore rotation is newer than the types
  if (!frame.rotation && PLANES.test(frame.format ?? "")) {
    const bytes = new Uint8Array(frame.allocationSize());
    const [{ offset, stride }] = await frame.copyTo(bytes);
    const [black, white] = frame.colorSpace.fullRange ? [0, 255] : [16, 235];
    return folded(width, height, (x, y) => ((bytes[offset + y * stride + x] - black) * 255) / (white - black));
  }
  const [across, down] = [frame.displayWidth, frame.displayHeight];
  const context = canvas(across, down);
  context.drawImage(frame, 0, 0);
  const [rgba, line] = [context.getImageData(0, 0, across, down).data, new Float64Array(across * down)];
  luminance(rgba, 0, line);
  return folded(across, down, (x, y) => line[y * across + x]);
}

/**
 * The mean of each fold x fold pixels. @param {number} across @param {number} down pixels
 * @param {(x: number, y: number) => number} at @returns {Seen}
 */
function folded(across, down, at) {
  const fold = Math.max(1, Math.floor(Math.min(across, down) / ENOUGH), Math.ceil(Math.max(across, down) / WIDEST));
  const [width, height] = [Math.ceil(across / fold), Math.ceil(down / fold)];
  const small = new Float64Array(width * height);
  const counts = new Float64Array(width * height);
  for (let y = 0; y < down; y++) {
    const row = Math.floor(y / fold) * width;
    for (let x = 0; x < across; x++) {
      const place = row + Math.floor(x / fold);
      small[place] += at(x, y);
      counts[place] += 1;
    }
  }
  return { small: small.map((sum, place) => sum / counts[place]), width, height, fold, across, down };
}

/** @type {Map<string, Row[]>} */
const sides = new Map();

/** The operator of a side of so many pixels, for samples of `fold` pixels each. @param {number} length @param {number} fold */
function side(length, fold) {
  const name = `${length}/${fold}`;
  const known = sides.get(name);
  if (known) return known;
  const found = operator(length).map(({ first, weights }) => {
    const begin = Math.floor(first / fold);
    const joined = new Float64Array(Math.floor((first + weights.length - 1) / fold) - begin + 1);
    weights.forEach((weight, place) => (joined[Math.floor((first + place) / fold) - begin] += weight));
    return { first: begin, weights: joined };
  });
  sides.set(name, found);
  return found;
}

/**
 * Part of a frame reduced to 64 x 64. @param {Seen} seen @param {number[]} box left, top, right, bottom in samples
 * @param {Row[]} across @param {Row[]} down @returns {Float64Array}
 */
function reduced({ small, width }, [left, top, right], across, down) {
  const found = new Float64Array(REDUCED * REDUCED);
  const line = new Float64Array(right - left);
  down.forEach(({ first, weights }, y) => {
    line.fill(0);
    weights.forEach((weight, place) => {
      const from = (top + first + place) * width + left;
      for (let x = 0; x < line.length; x++) line[x] += weight * small[from + x];
    });
    found.set(applied(across, line), y * REDUCED);
  });
  return found;
}

/** The crops of a frame, in the order of the core's parts. @param {number} width @param {number} height @returns {number[][]} */
function crops(width, height) {
  const shares = [...CROPS];
  const [longer, shorter] = [Math.max(width, height), Math.min(width, height)];
  if (longer >= LONG * shorter) {
    for (const share of [shorter / longer, shorter / SCREEN / longer]) {
      const [first, last] = [0.5 - share / 2, 0.5 + share / 2];
      shares.push(width > height ? [first, 0, last, 1] : [0, first, 1, last]);
    }
  }
  return shares.map(([left, top, right, bottom]) =>
    [left * width, top * height, right * width, bottom * height].map(rounded));
}

/** To the nearest whole number, of two as near to the even one: as Python does. @param {number} number */
function rounded(number) {
  const below = Math.floor(number);
  return number - below === 0.5 ? below + (below % 2) : Math.round(number);
}

/** @param {number} time @param {number} part @param {Float64Array} luma */
function keep(time, part, luma) {
  rows.push({ time, part, quality: quality(luma), pdq: digits(coefficients(luma)) });
}

/** @param {VideoFrame} frame @param {number} time seconds from the first frame */
async function look(frame, time) {
  const seen = await brightness(frame);
  frame.close();
  const { width, height, fold, across, down } = seen;
  keep(time, 0, reduced(seen, [0, 0, width, height], side(across, fold), side(down, fold)));
  if (Math.floor(time) === second) return;
  second = Math.floor(time);
  crops(width, height).forEach((box, place) => {
    const sidesOf = [side(box[2] - box[0], 1), side(box[3] - box[1], 1)];
    keep(time, FIRST_CROP + place, reduced(seen, box, sidesOf[0], sidesOf[1]));
  });
}

/**
 * All of it as the core keeps a film. @param {string} sha256
 * @param {{ duration: number, rate: number, width: number, height: number, truncated: boolean }} told
 */
function packed(sha256, { duration, rate, width, height, truncated }) {
  const view = new DataView(new ArrayBuffer(HEAD + ROW * rows.length));
  const bytes = new Uint8Array(view.buffer);
  const write = (/** @type {number} */ from, /** @type {string} */ hex) =>
    hex.match(/../g)?.forEach((byte, at) => (bytes[from + at] = parseInt(byte, 16)));
  bytes.set([..."SDF1"].map((sign) => sign.charCodeAt(0)));
  write(4, sha256);
  [duration, rows.at(-1)?.time ?? 0, rate].forEach((each, at) => view.setUint32(36 + 4 * at, Math.round(each * 1000)));
  view.setUint16(48, width);
  view.setUint16(50, height);
  view.setUint8(52, Number(truncated));
  view.setUint32(53, rows.length);
  const count = rows.length;
  rows.forEach((row, at) => {
    view.setUint32(HEAD + 4 * at, Math.round(row.time * 1000));
    view.setUint8(HEAD + 4 * count + at, row.quality);
    view.setUint8(HEAD + 5 * count + at, row.part);
    write(HEAD + 6 * count + 32 * at, row.pdq);
  });
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.addEventListener("message", async ({ data: { frame, time, ended } }) => {
  try {
    if (!rows.length && !readsTruly()) throw new Error("hidden");
    if (frame) {
      await look(frame, time);
      self.postMessage({ looked: true });
      return;
    }
    const { file, told } = ended;
    const whole = rows.filter((row) => row.part === 0).sort((one, other) => other.quality - one.quality);
    const film = packed(file.size > DIGESTED ? "" : await digest(file), told);
    self.postMessage({ found: { film }, best: whole[0] });
  } catch (error) {
    frame?.close();
    self.postMessage({ failed: error instanceof Error && error.message === "hidden" ? "hidden" : "unreadable" });
  }
});
