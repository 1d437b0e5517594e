/** A picture's bytes -> its fingerprint, beside the page. Nothing here asks a server anything. */

import { canvas, readsTruly } from "./canvas.js";
import { digest } from "./digest.js";
import { Reducer, luminance, ofFlips } from "./pdq.js";
import { Canvas } from "./windows.js";

const BAND = 1 << 20; // pixels read at once
const MOST = 200_000_000; // pixels

/** @param {Blob} file @param {(done: number) => void} tell how far it is, 0 to 1 */
async function fingerprint(file, tell) {
  const picture = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const { width, height } = picture;
  if (width * height > MOST) throw new Error("large");
  const [reducer, cells] = [new Reducer(width, height), new Canvas(width, height)];
  const line = new Float64Array(width);
  const rows = Math.max(1, Math.floor(BAND / width));
  const context = canvas(width, Math.min(rows, height));
  for (let top = 0; top < height; top += rows) {
    const now = Math.min(rows, height - top);
    context.fillStyle = "#fff"; // what is transparent is seen on white
    context.fillRect(0, 0, width, now);
    context.drawImage(picture, 0, top, width, now, 0, 0, width, now);
    const rgba = context.getImageData(0, 0, width, now).data;
    for (let row = 0; row < now; row++) {
      luminance(rgba, row * width * 4, line);
      reducer.add(line, top + row);
      cells.add(line, top + row);
    }
    tell((top + now) / height);
  }
  picture.close();
  return { ...ofFlips(reducer.flips()), windows: cells.windows(), sha256: await digest(file) };
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
