/** A place to draw on beside the page, and whether this browser shows truly what was drawn. */

/** Browsers that hide what a canvas holds would give a wrong fingerprint, so we look first whether this one does. */
export function readsTruly() {
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
export function canvas(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("canvas");
  return context;
}
