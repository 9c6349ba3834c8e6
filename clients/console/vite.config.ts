import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import VueRouter from "vue-router/vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/console/",
  plugins: [
    VueRouter({
      routesFolder: here("src/pages"),
      dts: here("src/typed-router.d.ts"),
      importMode: (file) => (file === here("src/pages/index.vue") ? "sync" : "async"),
    }),
    vue(),
  ],
  resolve: { alias: [{ find: /^~\//, replacement: here("src/") }] },
  build: {
    outDir: here("../../app/_web/console"),
    emptyOutDir: true,
    manifest: true, // read by ../scripts/budget.mjs
    target: ["chrome86", "safari14"], // `browserslist` in ../package.json; ../scripts/floor.mjs checks the build against it
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5174,
    // with the address the browser asked for: the server lets only its own pages write
    proxy: { "^/(api|c|icons|login|password|assets)(?![^/?])": { target: process.env.LVYI_API ?? "http://127.0.0.1:8000", changeOrigin: false } },
  },
});
