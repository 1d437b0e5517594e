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

/** A place to choose a picture, made here: one that came with the page would send what nobody could cover yet.
 * @param {HTMLElement} place @param {object} named @returns {HTMLInputElement} */
function chooser(place, named) {
  const choose = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", ...named });
  place.append(choose);
  place.hidden = false;
  return choose;
}

/** @param {HTMLFormElement} form */
function covering(form) {
  const file = chooser(/** @type {HTMLElement} */ (form.querySelector("[data-choose]")), { id: "file", name: "shot" });
  const place = /** @type {HTMLElement} */ (form.querySelector("#cover"));
  const canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("[data-canvas]"));
  const say = /** @type {HTMLElement} */ (place.querySelector("[data-say]"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector("button.primary"));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {ImageBitmap | undefined} */
  let picture;
  /** @type {Box[]} */
  let covered = [];
  let turn = 0; // what an earlier turn opened or made, with less covered, never replaces what a later one made
  /** @type {[number, number] | undefined} */
  let from;

  function draw() {
    if (!picture) return;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    context.fillStyle = "#000";
    covered.forEach(([left, top, width, height]) =>
      context.fillRect(left * canvas.width, top * canvas.height, width * canvas.width, height * canvas.height));
  }

  /** A new turn: until it is over, nothing can be sent. @returns {number} */
  function begun() {
    send.disabled = true;
    return ++turn;
  }

  /** Put the picture as it is drawn in the place of the one that was chosen. @returns {Promise<void>} */
  async function remake() {
    const mine = begun();
    draw();
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
    if (!picture) return;
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
    const mine = begun();
    [picture, covered, canvas.width] = [undefined, [], 0];
    place.hidden = !chosen;
    if (!chosen) return;
    if (!readsTruly()) {
      say.textContent = form.dataset.hides ?? "";
      send.disabled = false;
      return;
    }
    const opened = await createImageBitmap(chosen).catch(() => undefined);
    if (mine !== turn) return;
    if (!opened) {
      file.value = "";
      say.textContent = form.dataset.unreadable ?? "";
      return;
    }
    picture = opened;
    const scale = Math.min(1, LONGER / Math.max(picture.width, picture.height));
    [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
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
    if (!(target instanceof HTMLElement)) return;
    if (target.dataset.half) cover(HALVES[target.dataset.half]);
    if (target.dataset.undo !== undefined && picture) {
      covered = covered.slice(0, -1);
      remake();
    }
  });
}

/** @param {HTMLElement} place */
function keeping(place) {
  const say = /** @type {HTMLElement} */ (place.querySelector("[data-say]"));
  const words = /** @type {HTMLTextAreaElement} */ (document.getElementById("words"));
  const choose = chooser(/** @type {HTMLElement} */ (place.querySelector("[data-choose]")), { id: "choose" });
  place.hidden = false; // with all that is said about it
  choose.addEventListener("change", async () => {
    const chosen = choose.files?.[0];
    const made = chosen ? await digest(chosen) : "";
    const told = made ? `${place.dataset.made} ${made}` : (place.dataset.failed ?? "");
    if (made) words.value = words.value ? `${words.value}\n${told}` : told;
    say.textContent = told;
  });
}
