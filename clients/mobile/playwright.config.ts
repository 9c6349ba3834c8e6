import { defineConfig } from "@playwright/test";

/** A phone of 390 × 844 before the real server with a demo city of its own. */
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/server.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 180_000, // axe on every screen takes long on a small, busy machine
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  projects: [
    { name: "phone", testIgnore: "old-phone.spec.ts" },
    // answers of the service worker would go past the route that removes newer CSS
    { name: "old phone", testMatch: "old-phone.spec.ts", use: { serviceWorkers: "block" } },
  ],
  use: {
    baseURL: process.env.LVYI_E2E_URL,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
  },
});
