// Pictures that were asked for hide again: after their seconds, with Escape, when the window is left, when a key is let go.
"use strict";

function hide(figure) {
  figure.querySelectorAll("img").forEach((picture) => picture.remove());
  figure.querySelectorAll("[data-again]").forEach((button) => (button.hidden = false));
}

// What was asked for before, and would come only now, is given up.
function giveUp(button) {
  button.dispatchEvent(new Event("htmx:abort"));
}

function hideAll() {
  document.querySelectorAll("figure[data-look] [hx-post]").forEach(giveUp);
  document.querySelectorAll("figure[data-look][data-seconds]").forEach(hide);
  endGlance();
}

new MutationObserver(() => {
  for (const figure of document.querySelectorAll("figure[data-seconds]:not([data-timed])")) {
    figure.dataset.timed = "";
    setTimeout(() => hide(figure), 1000 * Number(figure.dataset.seconds));
  }
}).observe(document.documentElement, { childList: true, subtree: true });

// A glance: the picture is there while a button or the space bar is held, and not a moment longer.
let glance = null;

async function beginGlance(button) {
  if (glance) return;
  const mine = (glance = { box: null });
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const body = new URLSearchParams({ grade: "peek" });
  const answer = await fetch(button.dataset.peek, { method: "POST", body, headers });
  const text = await answer.text();
  if (glance !== mine) return;
  const said = new DOMParser().parseFromString(text, "text/html").querySelector("figure");
  mine.box = document.createElement("div");
  mine.box.className = "glance";
  mine.box.append(...said.querySelectorAll(answer.ok ? "img" : "[role=alert]"));
  button.closest("figure").prepend(mine.box);
  mine.timer = setTimeout(endGlance, 1000 * Number(said.dataset.seconds || 5));
}

function endGlance() {
  if (!glance) return;
  clearTimeout(glance.timer);
  if (glance.box) glance.box.remove();
  glance = null;
}

function peekButton(event) {
  return event.target instanceof Element ? event.target.closest("[data-peek]") : null;
}

document.addEventListener("pointerdown", (event) => peekButton(event) && beginGlance(peekButton(event)));
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, endGlance);
// Escape twice: the whole page is blank, until somebody clicks.
let escaped = -1000;

function escape(event) {
  hideAll();
  if (event.timeStamp - escaped < 600) document.body.hidden = true;
  escaped = event.timeStamp;
}

document.addEventListener("click", () => (document.body.hidden = false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") escape(event);
  const button = event.key === " " && peekButton(event);
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) beginGlance(button);
});
document.addEventListener("keyup", (event) => event.key === " " && endGlance());
document.addEventListener("focusout", endGlance);
document.addEventListener("contextmenu", (event) => event.target.closest?.("figure[data-look]") && event.preventDefault());
document.addEventListener("visibilitychange", hideAll);
window.addEventListener("blur", hideAll);

// What cannot be shown says why, in words.
document.addEventListener(
  "error",
  async (event) => {
    const picture = event.target;
    if (!(picture instanceof HTMLImageElement) || !picture.closest("[data-look]")) return;
    const why = document.createElement("p");
    why.className = "notice warn";
    why.setAttribute("role", "alert");
    why.textContent = await (await fetch(picture.src)).text();
    picture.replaceWith(why);
  },
  true,
);
