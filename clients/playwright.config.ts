import { defineConfig } from "@playwright/test";

/** Of Chromium: Playwright's own list (a second one replaces it), and views of the address bar, which each page would load. */
const WITHOUT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding",
  "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
  "WebUIOmniboxPopup,WebUIOmniboxAimPopup",
];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Both clients before the real server with a demo city of its own: phones of 390 × 844, a desk of 1440 × 900. */
export default defineConfig({
  globalSetup: "./mobile/e2e/server.ts",
  outputDir: "test-results",
  workers: 1,
  retries: process.env.CI ? 1 : 0, // of a machine that stands still for a minute; a second pass is reported as flaky
  timeout: 180_000, // axe on every screen takes long on a small, busy machine
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  projects: [
    { name: "phone", testDir: "mobile/e2e", testIgnore: "old-phone.spec.ts", use: PHONE },
    // answers of the service worker would go past the route that removes newer CSS
    { name: "old phone", testDir: "mobile/e2e", testMatch: "old-phone.spec.ts", use: { ...PHONE, serviceWorkers: "block" } },
    { name: "desk", testDir: "console/e2e", use: { viewport: { width: 1440, height: 900 } } },
  ],
  use: {
    baseURL: process.env.LVYI_E2E_URL,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: process.env.CI ? "off" : "retain-on-failure", // writing all that is seen takes a tenth of the time
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", `--disable-features=${WITHOUT.join(",")}`],
    },
  },
});
