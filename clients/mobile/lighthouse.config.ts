import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** `npm run lighthouse`: measures three pages and writes docs/lighthouse.md; a run, not a test. */
export default defineConfig({ ...config, testMatch: "lighthouse.ts", timeout: 600_000 });
