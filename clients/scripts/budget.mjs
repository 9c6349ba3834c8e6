/** Checks the weight of both builds, in kB as sent (gzip): a phone in bad reception, an old computer at a desk. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** `home` is what the first page needs; `charts` a route of the desk that draws charts. */
const BUDGETS = {
  mobile: { home: 90, route: 25, css: 10, precache: 350 },
  console: { home: 220, route: 60, charts: 260, css: 40 },
};
const CHARTS = /src\/pages\/((overview|wall)\/|findings\/figures|bulletins\/\[id\]\/groups)/;

let failed = false;
for (const [client, budget] of Object.entries(BUDGETS)) {
  console.log(client);
  for (const [name, weight, most] of weights(client, budget)) {
    failed ||= weight > most;
    console.log(`${weight > most ? "OVER " : "     "}${name.padEnd(44)} ${weight.toFixed(1).padStart(6)} of ${most} kB`);
  }
}
process.exit(failed ? 1 : 0);

/** What the first page, each further one and the precache of a client weigh, beside what they may. */
function weights(client, budget) {
  const folder = fileURLToPath(new URL(`../../app/_web/${client}/`, import.meta.url));
  const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, "utf8"));
  const weigh = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(folder + file)).length, 0) / 1000;

  /** Every file that the chunk `key` imports at once, itself included. */
  function needs(key, needed = { js: new Set(), css: new Set(), keys: new Set() }) {
    if (needed.keys.has(key)) return needed;
    needed.keys.add(key);
    const chunk = manifest[key];
    needed.js.add(chunk.file);
    for (const file of chunk.css ?? []) needed.css.add(file);
    for (const imported of chunk.imports ?? []) needs(imported, needed);
    return needed;
  }

  const home = needs("index.html");
  const lines = [
    ["home, scripts", weigh(home.js), budget.home],
    ["home, styles", weigh(home.css), budget.css],
  ];
  for (const key of Object.keys(manifest).filter((key) => key.startsWith("src/pages/"))) {
    const route = needs(key);
    const further = [...route.js, ...route.css].filter((file) => !home.js.has(file) && !home.css.has(file));
    lines.push([key.replace("src/pages/", ""), weigh(further), budget.charts && CHARTS.test(key) ? budget.charts : budget.route]);
  }
  if (!budget.precache) return lines;
  const worker = readFileSync(`${folder}sw.js`, "utf8");
  const precached = [...worker.matchAll(/url:\s*"([^"]+)"/g)].map(([, file]) => file);
  if (!precached.length) throw new Error("nothing is precached");
  return [...lines, [`precache, ${precached.length} files`, weigh(precached), budget.precache]];
}
