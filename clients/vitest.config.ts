import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^~\//, replacement: new URL("./console/src/", import.meta.url).pathname },
      { find: /^@\//, replacement: new URL("./mobile/src/", import.meta.url).pathname },
    ],
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://phone.test/" } },
    include: ["{api,shared,mobile,console}/test/**/*.test.ts"],
    setupFiles: ["fake-indexeddb/auto"],
    testTimeout: 30_000, // the machine may be busy with browsers
    env: { TZ: "Asia/Shanghai" },
  },
});
