import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** `npm run screens`: takes the pictures of docs/screens.md from a demo city; a run, not a test. */
const projects = config.projects!.map((project) => ({ ...project, testMatch: "screens.ts", testIgnore: [] }));
export default defineConfig({ ...config, projects: projects.filter(({ name }) => name !== "old phone"), timeout: 900_000 });
