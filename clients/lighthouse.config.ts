import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** `npm run lighthouse`: measures pages of both clients and writes docs/lighthouse.md; a run, not a test. */
const projects = config.projects!.map((project) => ({ ...project, testMatch: "lighthouse.ts", testIgnore: [] }));
export default defineConfig({ ...config, projects: projects.filter(({ name }) => name === "phone"), timeout: 900_000 });
