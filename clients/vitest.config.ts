import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "~": new URL("./console/src", import.meta.url).pathname } },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://phone.test/" } },
    include: ["{api,shared,mobile,console}/test/**/*.test.ts"],
    setupFiles: ["fake-indexeddb/auto"],
    env: { TZ: "Asia/Shanghai" },
  },
});
