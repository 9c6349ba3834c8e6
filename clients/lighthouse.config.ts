import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** `npm run lighthouse`: measures three pages and writes docs/lighthouse.md; a run, not a test. */
const projects = config.projects!.map((project) => ({ ...project, testMatch: "lighthouse.ts", testIgnore: [] }));
export default defineConfig({ ...config, projects: projects.filter(({ name }) => name === "phone"), timeout: 600_000 });
