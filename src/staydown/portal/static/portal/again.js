/**
 * A proof of work (ALTCHA 1), where very many reports come from one address: no other site is asked anything.
 *
 * The number is sought whose SHA-256 after the salt is the challenge; then the report is sent. Where the browser lends no
 * SHA-256, or no script runs, the page says when to press the button.
 */
"use strict";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("again"));
if (form && window.crypto.subtle) solve(form);

/** @param {HTMLFormElement} again */
async function solve(again) {
  const asked = JSON.parse(/** @type {string} */ (again.dataset.challenge));
  /** @type {HTMLElement} */ (document.getElementById("again-status")).textContent = again.dataset.working ?? "";
  const number = await found(asked);
  if (number === undefined) return;
  const { algorithm, challenge, salt, signature } = asked;
  const value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  again.append(Object.assign(document.createElement("input"), { type: "hidden", name: "proof", value }));
  again.requestSubmit();
}

/** @param {{ algorithm: string, challenge: string, salt: string, maxNumber: number }} asked @returns {Promise<number | undefined>} */
async function found({ algorithm, challenge, salt, maxNumber }) {
  const text = new TextEncoder();
  for (let number = 0; number <= maxNumber; number++) {
    const digest = new Uint8Array(await crypto.subtle.digest(algorithm, text.encode(salt + number)));
    if (hexadecimal(digest) === challenge) return number;
  }
  return undefined;
}

/** @param {Uint8Array} bytes @returns {string} */
function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
