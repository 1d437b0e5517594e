// A button that asks for a passkey can be pressed once the scripts that ask for it listen: before, a press would be lost.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-key]")) button.disabled = false;
});
