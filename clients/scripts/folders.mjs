/** Refuses folders of more than 12 source files: sort them into subfolders by subject. Lengths of files are ESLint's (`max-lines`). */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MOST = 12;
const SOURCE = /\.(vue|ts|js|mjs|css)$/;
const GENERATED = ["schema.d.ts", "typed-router.d.ts"];
const SKIPPED = ["node_modules", "test-results"];
/** The folder of a page is its address: no rule of ours. */
const PAGES = /\/src\/pages(\/|$)/;

/** Every folder below, with how many source files it holds itself. */
function* folders(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !GENERATED.includes(entry.name));
  yield { folder, count: files.length };
  for (const entry of entries) if (entry.isDirectory() && !SKIPPED.includes(entry.name)) yield* folders(join(folder, entry.name));
}

const root = process.argv[2] ?? fileURLToPath(new URL("../", import.meta.url));
const crowded = [...folders(root)].filter(({ folder, count }) => count > MOST && !PAGES.test(folder));
for (const { folder, count } of crowded) console.log(`${folder}: ${count} source files, at most ${MOST}; sort them into subfolders by subject`);
process.exit(crowded.length ? 1 : 0);
