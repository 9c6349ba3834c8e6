/** Stores every text file of one client's build (its name is the argument) beside itself as .br and .gz, so that the server need not compress. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const folder = fileURLToPath(new URL(`../../app/_web/${process.argv[2]}/`, import.meta.url));
const SMALLEST = 1000; // bytes; below, the headers weigh more than what is saved

for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
  const text = readFileSync(folder + name);
  if (text.length < SMALLEST) continue;
  writeFileSync(`${folder}${name}.br`, brotliCompressSync(text));
  writeFileSync(`${folder}${name}.gz`, gzipSync(text, { level: 9 }));
}
