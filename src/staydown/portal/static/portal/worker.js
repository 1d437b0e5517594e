/** A picture's bytes -> its fingerprint, beside the page. Nothing here asks a server anything. */

import { Reducer, ofFlips } from "./pdq.js";

const BAND = 1 << 20; // pixels read at once
const MOST = 200_000_000; // pixels

/** Browsers that hide what a canvas holds would give a wrong fingerprint, so we look first whether this one does. */
function readsTruly() {
  const context = canvas(16, 16);
  for (let at = 0; at < 256; at++) {
    context.fillStyle = `rgb(${at}, ${255 - at}, ${(at * 7) % 256})`;
    context.fillRect(at % 16, at >> 4, 1, 1);
  }
  const seen = context.getImageData(0, 0, 16, 16).data;
  return Array.from({ length: 256 }, (_, at) => at).every(
    (at) => seen[4 * at] === at && seen[4 * at + 1] === 255 - at && seen[4 * at + 2] === (at * 7) % 256,
  );
}

/** @param {number} width @param {number} height @returns {OffscreenCanvasRenderingContext2D} */
function canvas(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("canvas");
  return context;
}

/** @param {Blob} file @param {(done: number) => void} tell how far it is, 0 to 1 */
async function fingerprint(file, tell) {
  const picture = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const { width, height } = picture;
  if (width * height > MOST) throw new Error("large");
  const reducer = new Reducer(width, height);
  const rows = Math.max(1, Math.floor(BAND / width));
  const context = canvas(width, Math.min(rows, height));
  for (let top = 0; top < height; top += rows) {
    const now = Math.min(rows, height - top);
    context.fillStyle = "#fff"; // what is transparent is seen on white
    context.fillRect(0, 0, width, now);
    context.drawImage(picture, 0, top, width, now, 0, 0, width, now);
    reducer.add(context.getImageData(0, 0, width, now).data, top);
    tell((top + now) / height);
  }
  picture.close();
  return { ...ofFlips(reducer.flips()), sha256: await digest(file) };
}

/** SHA-256 of the file; nothing where the page is not secure, and the browser refuses. @param {Blob} file */
async function digest(file) {
  if (!crypto.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.addEventListener("message", async ({ data: { id, file } }) => {
  try {
    if (!readsTruly()) throw new Error("hidden");
    const found = await fingerprint(file, (done) => self.postMessage({ id, done }));
    self.postMessage({ id, found });
  } catch (error) {
    self.postMessage({ id, failed: error instanceof Error && error.message === "hidden" ? "hidden" : "unreadable" });
  }
});
