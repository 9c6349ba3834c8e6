/** Checks the weight of the build, in kB as sent (gzip): the way of a phone in bad reception. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../../../app/_web/mobile/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, "utf8"));
const BUDGET = { home: 90, route: 25, css: 10, precache: 350 };

const weigh = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(folder + file)).length, 0) / 1000;

/** Every file that the chunk `key` imports at once, itself included. */
function needs(key, found = { js: new Set(), css: new Set(), keys: new Set() }) {
  if (found.keys.has(key)) return found;
  found.keys.add(key);
  const chunk = manifest[key];
  found.js.add(chunk.file);
  for (const file of chunk.css ?? []) found.css.add(file);
  for (const imported of chunk.imports ?? []) needs(imported, found);
  return found;
}

const home = needs("index.html");
const lines = [
  ["home, scripts", weigh(home.js), BUDGET.home],
  ["home, styles", weigh(home.css), BUDGET.css],
];
for (const key of Object.keys(manifest).filter((key) => key.startsWith("src/pages/"))) {
  const route = needs(key);
  const further = [...route.js, ...route.css].filter((file) => !home.js.has(file) && !home.css.has(file));
  lines.push([key.replace("src/pages/", ""), weigh(further), BUDGET.route]);
}
const worker = readFileSync(`${folder}sw.js`, "utf8");
const precached = [...worker.matchAll(/url:\s*"([^"]+)"/g)].map(([, file]) => file);
lines.push([`precache, ${precached.length} files`, weigh(precached), BUDGET.precache]);

let failed = precached.length === 0;
for (const [name, weight, budget] of lines) {
  const over = weight > budget;
  failed ||= over;
  console.log(`${over ? "OVER " : "     "}${name.padEnd(40)} ${weight.toFixed(1).padStart(6)} of ${budget} kB`);
}
process.exit(failed ? 1 : 0);
