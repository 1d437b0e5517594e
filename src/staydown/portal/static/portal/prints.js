/**
 * "Make a fingerprint on this device": only where scripts run is there a place to choose a picture or a film, and it has
 * no name, so that no form can send it. What leaves is the text that the page shows.
 */

const LEAST = 50; // quality from which a fingerprint tells one picture from others
const SHORTEST = 2; // seconds of a film, below which too little of it comes in an order of its own
const AGAIN = 1000; // milliseconds after which a second press is one, and no double click

const place = document.getElementById("prints");
if (place) start(place);

/** @param {HTMLElement} place */
function start(place) {
  const all = /** @type {HTMLElement} */ (place.querySelector("[data-all]"));
  const kept = /** @type {HTMLTextAreaElement} */ (document.getElementById("id_prints"));
  const list = /** @type {HTMLElement} */ (place.querySelector("[data-list]"));
  const say = place.dataset;
  const choose = Object.assign(document.createElement("input"), { type: "file", accept: "image/*,video/*", multiple: true, id: "choose" });
  /** @type {HTMLElement} */ (place.querySelector("[data-choose]")).append(choose);
  place.hidden = false;
  const form = /** @type {HTMLFormElement} */ (kept.form);
  /** @type {Map<number, HTMLElement>} */
  const lines = new Map(); // of pictures that the worker looks at
  let [chosen, working] = [0, 0]; // files of this page; those of them that are being looked at
  /** @type {undefined | { button: HTMLElement | null, at: number }} */
  let pressed; // what sends the form, while some are
  /** @type {Promise<void>} */
  let before = Promise.resolve(); // films are looked at one after the other
  /** @type {object[]} */
  let prints = kept.value ? JSON.parse(kept.value) : [];
  const why = new Map([["hidden", say.hides], ["old", say.old], ["stopped", say.stopped]]);

  function tell() {
    all.textContent = JSON.stringify(prints, null, 1);
    /** @type {HTMLElement} */ (all.closest("details")).hidden = !prints.length;
  }

  /** @param {HTMLElement} line @param {object} found @param {string} pdq what is shown of it @param {string} more */
  function keep(line, found, pdq, more = "") {
    prints = [...prints, found];
    kept.value = JSON.stringify(prints);
    tell();
    line.replaceChildren(`${say.made} `, Object.assign(document.createElement("code"), { textContent: pdq }), more);
  }

  /** @param {File} file @param {HTMLElement} line */
  async function film(file, line) {
    const stop = new AbortController();
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: say.working });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: say.stop });
    button.addEventListener("click", () => stop.abort());
    line.replaceChildren(say.working ?? "", bar, button);
    try {
      const { fingerprint } = await import(/** @type {string} */ (say.film));
      const { found, best, seconds, whole } = await fingerprint(file, say.frames, (/** @type {number} */ done) => (bar.value = done), stop.signal);
      if (best.quality < LEAST || seconds < SHORTEST) line.textContent = say.flat ?? "";
      else keep(line, found, best.pdq, whole ? "" : ` ${say.part}`);
    } catch (error) {
      line.textContent = why.get(error instanceof Error ? error.message : "") ?? say.unreadable ?? "";
    }
  }

  /** One more was looked at; what was pressed meanwhile is sent with the last. */
  function ended() {
    working -= 1;
    if (!working && pressed) form.requestSubmit(pressed.button);
  }

  /** What the worker says of a picture. @param {{ data: any }} event */
  function answered({ data: { id, done, found, failed } }) {
    const line = /** @type {HTMLElement} */ (lines.get(id));
    if (done !== undefined) line.textContent = `${say.working} ${Math.round(done * 100)} %`;
    if (failed) line.textContent = why.get(failed) ?? say.unreadable ?? "";
    if (found && found.quality < LEAST && !found.sha256) line.textContent = say.flat ?? "";
    else if (found) keep(line, found, found.pdq[0]);
    if (found || failed) lines.delete(id) && ended();
  }

  /** @returns {Worker} */
  function started() {
    const made = new Worker(/** @type {string} */ (say.worker), { type: "module" });
    made.addEventListener("message", answered);
    made.addEventListener("error", () => {
      worker = undefined;
      for (const id of [...lines.keys()]) answered({ data: { id, failed: "unreadable" } });
    });
    return made;
  }

  /** @type {Worker | undefined} */
  let worker = started();
  tell();
  choose.addEventListener("change", () => {
    for (const file of choose.files ?? []) {
      const id = chosen++;
      const line = Object.assign(document.createElement("li"), { textContent: say.working });
      list.append(line);
      working += 1;
      if (file.type.startsWith("video/")) before = before.then(() => film(file, line)).then(ended);
      else {
        lines.set(id, line);
        (worker ??= started()).postMessage({ id, file });
      }
    }
    choose.value = "";
  });

  // What was chosen is sent with the form, so the form waits for it; whoever will not wait presses again.
  form.addEventListener("submit", (event) => {
    const button = /** @type {HTMLElement | null} */ (event.submitter);
    if (!working || button?.hasAttribute("formaction") || (pressed && event.timeStamp - pressed.at > AGAIN)) {
      pressed = undefined;
      return;
    }
    event.preventDefault();
    if (!pressed) (button ?? list).after(Object.assign(document.createElement("p"), { role: "status", textContent: say.held }));
    pressed = { button, at: pressed?.at ?? event.timeStamp };
  });
}
