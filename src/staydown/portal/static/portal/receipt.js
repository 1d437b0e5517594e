/** Buttons that copy and print the receipt, where the browser can. Nothing is stored. */
"use strict";

const place = /** @type {HTMLElement} */ (document.getElementById("keep"));
const words = Array.from(document.querySelectorAll("#receipt li"), (word) => word.textContent).join(" ");
const copy = /** @type {HTMLButtonElement} */ (place.querySelector("[data-copy]"));

place.hidden = false;
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(words);
  /** @type {HTMLElement} */ (place.querySelector("[data-say]")).textContent = place.dataset.copied ?? "";
});
place.querySelector("[data-print]")?.addEventListener("click", () => print());
