import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** `npm run screens`: takes the pictures of docs/screens.md from a demo city; a run, not a test. */
export default defineConfig({ ...config, testMatch: "screens.ts", timeout: 900_000 });
