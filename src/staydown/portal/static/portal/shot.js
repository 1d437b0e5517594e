/**
 * A screenshot, before it is sent: parts of it are covered here, and what goes is the picture made anew, without them. Where
 * none may be sent, a row of digits is made that proves later that the file is the same.
 */

import { readsTruly } from "./canvas.js";
import { digest } from "./digest.js";

const LONGER = 4096; // pixels to which a larger one is made smaller

/** @typedef {[number, number, number, number]} Box left, top, width, height */

/** @type {Record<string, Box>} */
const HALVES = { top: [0, 0, 1, 0.5], bottom: [0, 0.5, 1, 0.5], left: [0, 0, 0.5, 1], right: [0.5, 0, 0.5, 1] };

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("shot"));
if (form) covering(form);
const kept = document.getElementById("digest");
if (kept) keeping(kept);

/** @param {HTMLFormElement} form */
function covering(form) {
  const file = /** @type {HTMLInputElement} */ (form.querySelector("#file"));
  const place = /** @type {HTMLElement} */ (form.querySelector("#cover"));
  const canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("[data-canvas]"));
  const say = /** @type {HTMLElement} */ (place.querySelector("[data-say]"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector("button.primary"));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {ImageBitmap | undefined} */
  let picture;
  /** @type {Box[]} */
  let covered = [];
  let turn = 0; // of making the file: what an earlier turn made, with less covered, never replaces what a later one made
  /** @type {[number, number] | undefined} */
  let from;

  function draw() {
    if (!picture) return;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    context.fillStyle = "#000";
    covered.forEach(([left, top, width, height]) =>
      context.fillRect(left * canvas.width, top * canvas.height, width * canvas.width, height * canvas.height));
  }

  /** Put the picture as it is drawn in the place of the one that was chosen. @returns {Promise<void>} */
  async function remake() {
    const mine = ++turn;
    draw();
    send.disabled = true;
    const made = await new Promise((/** @type {(made: Blob | null) => void} */ then) => canvas.toBlob(then, "image/png"));
    if (mine !== turn) return;
    const chosen = new DataTransfer();
    if (made) chosen.items.add(new File([made], "screenshot.png", { type: "image/png" }));
    file.files = chosen.files;
    /** @type {HTMLInputElement} */ (form.querySelector("[name=covered]")).value = String(covered.length);
    say.textContent = form.dataset.covered ?? "";
    send.disabled = !made;
  }

  /** @param {Box} box */
  function cover(box) {
    covered = [...covered, box];
    remake();
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  function at(event) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const within = (/** @type {number} */ part) => Math.min(1, Math.max(0, part));
    return [within((event.clientX - left) / width), within((event.clientY - top) / height)];
  }

  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    place.hidden = false;
    if (!readsTruly()) {
      say.textContent = form.dataset.hides ?? "";
      return;
    }
    try {
      picture = await createImageBitmap(chosen);
    } catch {
      file.value = "";
      say.textContent = form.dataset.unreadable ?? "";
      return;
    }
    const scale = Math.min(1, LONGER / Math.max(picture.width, picture.height));
    [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    covered = [];
    await remake();
  });

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    from = at(event);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [[left, top], [right, bottom]] = [from, at(event)];
    from = undefined;
    cover([Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)]);
  });
  place.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLElement) || !picture) return;
    if (target.dataset.half) cover(HALVES[target.dataset.half]);
    if (target.dataset.undo !== undefined) {
      covered = covered.slice(0, -1);
      remake();
    }
  });
}

/** @param {HTMLElement} place */
function keeping(place) {
  const say = /** @type {HTMLElement} */ (place.querySelector("[data-say]"));
  const words = /** @type {HTMLTextAreaElement} */ (document.getElementById("words"));
  const choose = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", id: "choose" });
  /** @type {HTMLElement} */ (place.querySelector("[data-choose]")).append(choose);
  place.hidden = false;
  choose.addEventListener("change", async () => {
    const chosen = choose.files?.[0];
    const made = chosen ? await digest(chosen) : "";
    const told = made ? `${place.dataset.made} ${made}` : (place.dataset.failed ?? "");
    if (made) words.value = words.value ? `${words.value}\n${told}` : told;
    say.textContent = told;
  });
}
