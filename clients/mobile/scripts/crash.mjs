/** `npm run crash -- 200`: types and kills the page 200 times; see e2e/offline/crash.spec.ts. */
import { spawnSync } from "node:child_process";

const env = { ...process.env, LVYI_CRASHES: process.argv[2] ?? "200" };
const done = spawnSync("npx", ["playwright", "test", "-c", "mobile", "crash"], { env, stdio: "inherit" });
process.exit(done.status ?? 1);
