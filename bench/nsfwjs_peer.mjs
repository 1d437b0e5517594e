// What nsfwjs says of files, one JSON line each: `node bench/nsfwjs_peer.mjs FOLDER FILE...`; FOLDER has its node_modules.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...paths] = process.argv.slice(2);
const { resolve } = createRequire(join(folder, "package.json"));
const has = async (name) => import(pathToFileURL(resolve(name)).href);
const [tf, wasm, { default: sharp }, core, mid] = await Promise.all(
  ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm", "sharp", "nsfwjs/core", "nsfwjs/models/mobilenet_v2_mid"].map(has));
wasm.setThreadsCount(1);
await tf.setBackend("wasm");
sharp.concurrency(1);
const network = await core.load("MobileNetV2Mid", { modelDefinitions: [mid.MobileNetV2MidModel] });

async function score(path) {
  const { data, info } = await sharp(path).rotate().flatten({ background: "white" }).toColourspace("srgb")
    .resize(224, 224, { fit: "fill" }).raw().toBuffer({ resolveWithObject: true });
  const said = await network.classify(tf.tensor3d(new Uint8Array(data), [info.height, info.width, info.channels], "int32"));
  return said.filter((each) => ["Porn", "Hentai"].includes(each.className)).reduce((sum, each) => sum + each.probability, 0);
}

await score(paths[0]);
for (const path of paths) {
  const began = performance.now(), cpu = process.cpuUsage();
  const found = await score(path).catch(() => null);
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ path, score: found, ms: performance.now() - began, cpu: (user + system) / 1000 }));
}
