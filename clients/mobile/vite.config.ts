import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import type { Plugin } from "postcss";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import VueRouter from "vue-router/vite";
import { early } from "./early.ts";
import { manifest } from "./manifest.ts";

/** Before each length in `dvh` the same in `vh`, for browsers that have not heard of it (Chromium 107, iOS 15.3). */
const viewportFallback: Plugin = {
  postcssPlugin: "viewport-fallback",
  Declaration(declaration) {
    const value = declaration.value.replaceAll("dvh", "vh");
    if (value !== declaration.value && declaration.prev()?.toString() !== `${declaration.prop}: ${value}`) declaration.cloneBefore({ value });
  },
};

/** Pages that are not fetched beforehand, but kept once they were opened: they need the server anyway. */
const ONLINE_PAGES = [
  ...["entry/", "bulletins/", "bodies/", "outputs/", "projects/", "speeches/", "venues/", "library/", "units/", "months/"], // what the office publishes
  ...["cards/", "matters/index.vue", "matters/[id]/index.vue"],
  ...["lead.vue", "matter.vue", "leaderboard/formula.vue", "activities/[id]/attendance.vue"],
  ...["privacy/", "password.vue", "second-factor.vue", "sessions.vue"],
  ...["claims/[id]/edit.vue", "visits/[id]/edit.vue"], // edits of what was sent
];
/** What these pages share with each other alone. */
const ONLINE_PARTS = /\/src\/features\/(venues\/|speeches\/|matters\/([A-Z]|public)|leads\/LeadReceipt)/;
const isOnline = (page: string | null, parts: string[]) =>
  ONLINE_PAGES.some((one) => page?.includes(`/src/pages/${one}`)) || (parts.length > 0 && parts.every((part) => ONLINE_PARTS.test(part)));

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [
    VueRouter({
      routesFolder: here("src/pages"),
      dts: here("src/typed-router.d.ts"),
      // the home page comes with the app, every other one when it is opened
      importMode: (file) => (file === here("src/pages/index.vue") ? "sync" : "async"),
    }),
    vue(),
    early(),
    VitePWA({
      registerType: "autoUpdate",
      injectRegister: false, // main.ts does it: the server allows no inline script
      manifest,
      manifestFilename: "manifest.webmanifest",
      includeManifestIcons: false,
      workbox: {
        importScripts: ["/push-sw.js"],
        skipWaiting: true, // a new version takes over at once; parts of the old one that are missed then: unhandled.ts of shared
        clientsClaim: true,
        globPatterns: ["index.html", "assets/*.{js,css}"],
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(api|c|v|console)(\/|$)/, /^\/(healthz|readyz|metrics)$/],
        runtimeCaching: [
          { urlPattern: /^\/assets\/online\//, handler: "CacheFirst", options: { cacheName: "pages", expiration: { maxEntries: 60 } } },
          {
            // what was read can be read again without a connection; signing out deletes this cache
            urlPattern: ({ url, request, sameOrigin }) =>
              sameOrigin &&
              request.method === "GET" &&
              url.pathname.startsWith("/api/v1/") &&
              !/\/(events|auth\/sessions|drafts(\/.*)?)$|\/poster\.png$|\.zip$/.test(url.pathname),
            handler: "NetworkFirst",
            options: {
              cacheName: "lvyi-api",
              networkTimeoutSeconds: 6,
              expiration: { maxEntries: 300, maxAgeSeconds: 30 * 24 * 3600 },
              cacheableResponse: { statuses: [200] },
            },
          },
        ],
      },
    }),
  ],
  css: { postcss: { plugins: [viewportFallback] } },
  define: { __VUE_OPTIONS_API__: "false" }, // neither we nor Vant write components that way
  resolve: {
    alias: [
      { find: /^@\//, replacement: here("src/") },
      { find: /^.*\/icon\/index\.css$/, replacement: here("src/vant-icon.css") },
    ],
  },
  build: {
    outDir: here("../../app/_web/mobile"),
    emptyOutDir: true,
    manifest: true, // read by ../scripts/budget.mjs
    target: ["chrome86", "safari14"], // `browserslist` in ../package.json; ../scripts/floor.mjs checks the build against it
    modulePreload: { polyfill: false },
    // what every page needs comes as one file: each further one costs a phone a way to the server and some work
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "app", tags: ["$initial"] }] },
        chunkFileNames: ({ facadeModuleId, moduleIds }) => `assets/${isOnline(facadeModuleId, moduleIds) ? "online/" : ""}[name]-[hash].js`,
      },
    },
  },
  server: {
    port: 5173,
    // with the address the browser asked for: the server lets only its own pages write
    proxy: { "^/(api|c|v)/": { target: process.env.LVYI_API ?? "http://127.0.0.1:8000", changeOrigin: false } },
  },
});
