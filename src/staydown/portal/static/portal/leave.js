/**
 * "Leave this page": blank at once, then elsewhere, and the Back key does not lead here again.
 *
 * The pattern of public services: a link that works without this script, and the Shift key pressed three times.
 * It cannot clear the browser's history, and the page says so.
 */
"use strict";

const PRESSES = 3;
const WITHIN = 5000; // milliseconds from the first press to the last

const link = /** @type {HTMLAnchorElement} */ (document.getElementById("leave"));
/** @type {number[]} */
let presses = [];

function leave() {
  document.documentElement.hidden = true;
  document.title = "";
  location.replace(link.href);
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  const now = Date.now();
  presses = [...presses.filter((press) => now - press < WITHIN), now];
  if (presses.length >= PRESSES) leave();
});

// On a telephone there is no such key to tell of.
/** @type {HTMLElement} */ (document.getElementById("leave-keys")).hidden = !matchMedia("(any-pointer: fine)").matches;
