/**
 * "Make a fingerprint on this device": only where scripts run is there a place to choose a picture, and it has no name,
 * so that no form can send it. What leaves is the text that the page shows.
 */

const LEAST = 50; // quality from which a fingerprint tells one picture from others

const place = document.getElementById("prints");
if (place) start(place);

/** @param {HTMLElement} place */
function start(place) {
  const kept = /** @type {HTMLTextAreaElement} */ (document.getElementById("id_prints"));
  const list = /** @type {HTMLElement} */ (place.querySelector("[data-list]"));
  const say = place.dataset;
  const choose = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", multiple: true, id: "choose" });
  /** @type {HTMLElement} */ (place.querySelector("[data-choose]")).append(choose);
  place.hidden = false;
  const worker = new Worker(/** @type {string} */ (say.worker), { type: "module" });
  /** @type {Map<number, HTMLElement>} */
  const lines = new Map();
  /** @type {object[]} */
  let prints = kept.value ? JSON.parse(kept.value) : [];

  choose.addEventListener("change", () => {
    for (const file of choose.files ?? []) {
      const id = lines.size;
      const line = Object.assign(document.createElement("li"), { textContent: say.working });
      lines.set(id, line);
      list.append(line);
      worker.postMessage({ id, file });
    }
    choose.value = "";
  });

  worker.addEventListener("message", ({ data: { id, done, found, failed } }) => {
    const line = /** @type {HTMLElement} */ (lines.get(id));
    if (done !== undefined) line.textContent = `${say.working} ${Math.round(done * 100)} %`;
    if (failed) line.textContent = (failed === "hidden" ? say.hides : say.unreadable) ?? "";
    if (!found) return;
    if (found.quality < LEAST && !found.sha256) {
      line.textContent = say.flat ?? "";
      return;
    }
    prints = [...prints, found];
    kept.value = JSON.stringify(prints);
    line.textContent = `${say.made} `;
    line.append(Object.assign(document.createElement("code"), { textContent: found.pdq[0] }));
  });
}
