/** Starts the server on a free port with a small demo city that was made for this run. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const LVYI = join(ROOT, ".venv/bin/lvyi");

/** Runs a command of `lvyi` on a server's data; gives what it says. */
export type Run = (...args: string[]) => string;

const runIn =
  (env: NodeJS.ProcessEnv): Run =>
  (...args) => {
    const done = spawnSync(LVYI, args, { cwd: ROOT, env, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`lvyi ${args.join(" ")} failed: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };

/** Runs a command on the data of the server that all tests share. */
export const run: Run = (...args) => runIn(JSON.parse(process.env.LVYI_E2E_ENV!) as NodeJS.ProcessEnv)(...args);

/** A server on a free port with data of its own, prepared by commands. */
export async function launch(prepare: (run: Run) => void): Promise<{ url: string; env: NodeJS.ProcessEnv; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "lvyi-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    LVYI_DATABASE_URL: `sqlite:///${join(folder, "lvyi.sqlite3")}`,
    LVYI_DATA_DIR: join(folder, "data"),
    LVYI_PUBLIC_URL: url,
    LVYI_SECURE_COOKIES: "false",
    LVYI_PASSWORD_HASHING: "fast",
    LVYI_PUSH_CONTACT: "push@example.org",
    LVYI_LOG_LEVEL: "WARNING",
    LVYI_STAFF_SECOND_FACTOR: "optional",
  };
  runIn(env)("migrate");
  prepare(runIn(env));
  const server = spawn(LVYI, ["serve", "--port", String(port)], { cwd: ROOT, env, stdio: "inherit" });
  const stop = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await answers(`${url}/healthz`).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, env, stop };
}

export default async function start(): Promise<() => Promise<void>> {
  const { url, env, stop } = await launch((run) => {
    process.env.LVYI_E2E_LOGINS = run("seed", "--demo", "--scale", "0.1");
    run("cards", "issue", "--period", String(new Date().getFullYear() - 1));
  });
  process.env.LVYI_E2E_ENV = JSON.stringify(env);
  process.env.LVYI_E2E_URL = url;
  return stop;
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

async function answers(url: string): Promise<void> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} did not answer`);
}
