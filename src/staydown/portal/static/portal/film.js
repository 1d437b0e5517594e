/**
 * A film on the device -> its fingerprints: the browser's own decoder shows a frame for each quarter of a second, a worker
 * looks at it (`frames.js`). The film is opened from the device's memory; no part of it is sent.
 */

const A_SECOND = 4; // frames looked at
const LONGEST = 600; // seconds that are looked at
const PATIENCE = 30_000; // milliseconds for one frame
const LATE = 100; // milliseconds that a browser may take to show what it says it has found

/** Why a film has no fingerprints: hidden, unreadable, old (the browser) or stopped. */
export class NoFilm extends Error {}

/** @param {HTMLVideoElement} video @param {string} what event @param {() => void} begin @returns {Promise<void>} */
function after(video, what, begin) {
  return new Promise((resolve, reject) => {
    const end = (/** @type {() => void} */ then) => {
      clearTimeout(timer);
      video.removeEventListener(what, done);
      video.removeEventListener("error", failed);
      then();
    };
    const done = () => end(resolve);
    const failed = () => end(() => reject(new NoFilm("unreadable")));
    const timer = setTimeout(failed, PATIENCE);
    video.addEventListener(what, done);
    video.addEventListener("error", failed);
    begin();
  });
}

/** @param {HTMLVideoElement} video @param {number} time seconds */
function sought(video, time) {
  return after(video, "seeked", () => (video.currentTime = time));
}

/** How long it is: what a telephone has only just recorded may not say so itself. @param {HTMLVideoElement} video */
async function length(video) {
  if (!Number.isFinite(video.duration)) await sought(video, 1e7);
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

/** @param {Worker} worker @param {object} said @param {Transferable[]} moved @returns {Promise<any>} */
function asked(worker, said, moved = []) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.failed ? reject(new NoFilm(data.failed)) : resolve(data));
    worker.onerror = () => reject(new NoFilm("unreadable"));
    worker.postMessage(said, moved);
  });
}

/**
 * @param {File} file @param {string} address of `frames.js`
 * @param {(done: number) => void} tell how far it is, 0 to 1 @param {AbortSignal} signal
 * @returns {Promise<{ found: object, best: { pdq: string, quality: number }, seconds: number, whole: boolean }>}
 *   seconds that were looked at, and whether these are all
 */
export async function fingerprint(file, address, tell, signal) {
  if (!("VideoFrame" in window)) throw new NoFilm("old");
  const video = Object.assign(document.createElement("video"), { muted: true, preload: "auto", playsInline: true });
  const [worker, source] = [new Worker(address, { type: "module" }), URL.createObjectURL(file)];
  try {
    await after(video, "loadeddata", () => (video.src = source));
    if (!video.videoWidth) throw new NoFilm("unreadable"); // sound alone: no frame will ever come
    const duration = await length(video);
    const seconds = Math.min(duration, LONGEST);
    const whole = await frames(video, worker, seconds, tell, signal);
    const truncated = !whole || duration > LONGEST;
    const { videoWidth: width, videoHeight: height } = video;
    const told = { duration, rate: A_SECOND, width, height, truncated };
    return { ...(await asked(worker, { ended: { file, told } })), seconds, whole: !truncated };
  } finally {
    worker.terminate();
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(source);
  }
}

/** @returns {Promise<void>} */
function later() {
  return new Promise((resolve) => setTimeout(resolve, LATE));
}

/**
 * What is shown now. A busy browser says that it has found a place before there is a frame of it.
 * @param {HTMLVideoElement} video @param {AbortSignal} signal
 */
async function shown(video, signal) {
  for (let waited = 0; waited < PATIENCE; waited += LATE) {
    if (signal.aborted) throw new NoFilm("stopped");
    try {
      return new VideoFrame(video);
    } catch {
      await later();
    }
  }
  throw new NoFilm("unreadable");
}

/**
 * What is shown now; a little later, where that is not newer than a time (some films have few frames, some browsers a lag).
 * @param {HTMLVideoElement} video @param {number} than seconds @param {AbortSignal} signal
 */
async function newer(video, than, signal) {
  const frame = await shown(video, signal);
  if (!(frame.timestamp / 1e6 <= than)) return frame;
  frame.close();
  await later();
  return shown(video, signal);
}

/**
 * Have a frame in each quarter of a second looked at; whether none was damaged.
 * @param {HTMLVideoElement} video @param {Worker} worker @param {number} seconds
 * @param {(done: number) => void} tell @param {AbortSignal} signal
 */
async function frames(video, worker, seconds, tell, signal) {
  let [first, last] = [NaN, -1];
  for (let at = 0; at < seconds; at += 1 / A_SECOND) {
    if (signal.aborted) throw new NoFilm("stopped");
    let frame;
    try {
      await sought(video, at + 0.001);
      frame = await newer(video, first + last, signal);
    } catch (error) {
      if (last < 0 || signal.aborted) throw error;
      return false;
    }
    const time = frame.timestamp / 1e6;
    first = Number.isNaN(first) ? time : first;
    if (time - first > last) {
      last = time - first;
      await asked(worker, { frame, time: last }, [frame]);
    } else frame.close();
    tell(Math.min(1, (at + 1 / A_SECOND) / seconds));
  }
  return true;
}
