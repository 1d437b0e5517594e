// A word before a picture is sent, a blur before one is seen: on the device, and told to nobody. See README.md beside it.
//
// On a page this module wires what is marked with attributes; started as a worker, the same file is what looks. The network
// (OpenNSFW, as the server has it), onnxruntime-web and its WebAssembly lie beside it and are fetched when first needed.
const SQUEEZED = 256, MIDDLE = 224, LONGEST = 640, MEANS = [104, 117, 123]; // blue, green, red
const PATIENCE = 8000; // milliseconds that a form waits for an answer at most
const WORDS = {
  en: { ask: "This picture may show nudity. Only your own device has looked at it, and it is often wrong.", send: "Send it",
    stop: "Do not send it", show: "Show the picture", hidden: "This picture may be sensitive" },
  fr: { ask: "Cette image montre peut-être de la nudité. Seul votre appareil l'a regardée, et il se trompe souvent.",
    send: "L'envoyer", stop: "Ne pas l'envoyer", show: "Montrer l'image", hidden: "Cette image est peut-être sensible" },
};

// What the worker does.

let network;
async function opened() {
  const ort = await import("./ort.wasm.bundle.min.mjs");
  Object.assign(ort.env.wasm, { numThreads: 1, proxy: false, wasmPaths: { wasm: here("ort-wasm-simd-threaded.wasm") } });
  const model = new Uint8Array(await (await fetch(here("open-nsfw.onnx"))).arrayBuffer());
  return { ort, session: await ort.InferenceSession.create(model, { executionProviders: ["wasm"] }) };
}

async function score(picture) {
  network ??= opened();
  const { ort, session } = await network;
  const input = new ort.Tensor("float32", await prepared(picture), [1, MIDDLE, MIDDLE, 3]);
  return (await session.run({ "input:0": input })).outputs.data[1];
}

// Yahoo's order: squeezed to 256 x 256, through JPEG, the middle 224 x 224, blue first, less the means.
async function prepared(picture) {
  const canvas = new OffscreenCanvas(SQUEEZED, SQUEEZED), context = canvas.getContext("2d");
  context.putImageData(squeezed(upright(picture)), 0, 0);
  const kept = await createImageBitmap(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.75 }));
  context.drawImage(kept, 0, 0);
  const margin = (SQUEEZED - MIDDLE) / 2, { data } = context.getImageData(margin, margin, MIDDLE, MIDDLE);
  const input = new Float32Array(MIDDLE * MIDDLE * 3);
  for (let pixel = 0; pixel < MIDDLE * MIDDLE; pixel++)
    for (let colour = 0; colour < 3; colour++) input[3 * pixel + colour] = data[4 * pixel + 2 - colour] - MEANS[colour];
  return input;
}

function upright(picture) {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale)), height = Math.max(1, Math.round(picture.height * scale));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  Object.assign(context, { fillStyle: "white", imageSmoothingQuality: "high" });
  context.fillRect(0, 0, width, height); // what is transparent is seen on white
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

// Pillow's bilinear: a triangle over all that a smaller pixel covers, first along the rows, then along the columns.
function squeezed({ data, width, height }) {
  const rows = new Float32Array(height * SQUEEZED * 4), made = new ImageData(SQUEEZED, SQUEEZED);
  const across = weights(width), down = weights(height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < SQUEEZED; x++) add(rows, 4 * (y * SQUEEZED + x), data, across[x], (at) => 4 * (y * width + at));
  const sum = new Float32Array(4);
  for (let y = 0; y < SQUEEZED; y++)
    for (let x = 0; x < SQUEEZED; x++) {
      sum.fill(0);
      add(sum, 0, rows, down[y], (at) => 4 * (at * SQUEEZED + x));
      made.data.set(sum, 4 * (y * SQUEEZED + x));
    }
  return made;
}

function weights(size) {
  const scale = size / SQUEEZED, reach = Math.max(1, scale);
  return Array.from({ length: SQUEEZED }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.round(centre - reach)), last = Math.min(size, Math.round(centre + reach));
    const each = Array.from({ length: last - first }, (_, at) => Math.max(0, 1 - Math.abs(first + at + 0.5 - centre) / reach));
    const total = each.reduce((one, other) => one + other, 0);
    return { first, each: each.map((weight) => weight / total) };
  });
}

function add(sums, to, from, { first, each }, place) {
  for (let at = 0; at < each.length; at++)
    for (let band = 0; band < 4; band++) sums[to + band] += each[at] * from[place(first + at) + band];
}

function work() {
  addEventListener("message", async ({ data: { id, picture } }) => {
    try {
      postMessage({ id, score: await score(picture instanceof Blob ? await createImageBitmap(picture) : picture) });
    } catch (error) {
      postMessage({ id, failed: String(error) });
    }
  });
}

// What the page does.

let worker;
const waiting = new Map();
function here(name) {
  return new URL(name, import.meta.url).href;
}

/** The network's number for a picture (a Blob or an ImageBitmap), 0 to 1. It stays on this page: never send or log it. */
export function look(picture) {
  worker ??= started();
  const id = crypto.getRandomValues(new Uint32Array(2)).join();
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, picture });
  });
}

function started() {
  const made = new Worker(import.meta.url, { type: "module" });
  made.onmessage = ({ data: { id, score, failed } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    failed === undefined ? resolve(score) : reject(new Error(failed));
  };
  made.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "the worker could not start"));
    waiting.clear();
    worker = undefined;
  };
  return made;
}

function say(word) {
  return (WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en)[word];
}

function button(word, pressed) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: say(word) });
  made.addEventListener("click", pressed);
  return made;
}

/** `<input type="file" data-warn-before-send="0.5">`: asks before its form is sent. Whoever wants to send, sends. */
export function warnBeforeSend(input, from = Number(input.dataset.warnBeforeSend) || 0.5) {
  let seen = [], agreed = false, deciding = false;
  const lookAtAll = () => {
    agreed = false;
    seen = [...input.files].filter((file) => file.type.startsWith("image/")).map((file) => look(file).catch(() => 0));
  };
  input.addEventListener("change", lookAtAll);
  lookAtAll(); // what was chosen before this module came
  input.form.addEventListener("submit", async (event) => {
    if (agreed || !seen.length) return;
    event.preventDefault();
    if (deciding) return;
    deciding = true;
    const these = seen, late = new Promise((resolve) => setTimeout(resolve, PATIENCE, []));
    const over = (await Promise.race([Promise.all(these), late])).some((score) => score >= from);
    const go = !over || (await asked());
    await new Promise((resolve) => setTimeout(resolve)); // a form that is still telling of its submission submits no other
    deciding = false;
    agreed = go && these === seen; // another picture was chosen meanwhile: it is looked at before it goes
    if (go) input.form.requestSubmit(event.submitter);
  });
}

function asked() {
  const dialog = document.createElement("dialog");
  dialog.append(Object.assign(document.createElement("p"), { textContent: say("ask") }));
  dialog.append(button("stop", () => dialog.close()), " ", button("send", () => dialog.close("send")));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "send");
  }));
}

/** `<img data-blur-incoming="0.5">`: blurred until looked at; what is over it, or cannot be looked at, until asked for. */
export async function blurIncoming(image, from = Number(image.dataset.blurIncoming) || 0.5) {
  image.style.filter = "blur(32px) saturate(0.4)";
  let over = true;
  try {
    await image.decode();
    over = (await look(await createImageBitmap(image))) >= from;
  } catch {
    // a picture of another site, or the network is not there: it stays blurred, and one press shows it
  }
  image.dataset.looked = over ? "blurred" : "shown";
  const show = () => { image.style.filter = ""; image.dataset.looked = "shown"; };
  if (!over) return show();
  const press = button("show", () => { show(); press.remove(); });
  press.setAttribute("aria-label", `${say("hidden")}. ${say("show")}`);
  image.after(press);
}

if (typeof document === "undefined") work();
else {
  for (const input of document.querySelectorAll("input[data-warn-before-send]")) warnBeforeSend(input);
  for (const image of document.querySelectorAll("img[data-blur-incoming]")) blurIncoming(image);
}
