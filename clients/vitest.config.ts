import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: [{ find: /^~\//, replacement: fileURLToPath(new URL("console/src/", import.meta.url)) }] },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://phone.test/" } },
    include: ["{api,shared,mobile,console}/test/**/*.test.ts"],
    setupFiles: ["fake-indexeddb/auto"],
    env: { TZ: "Asia/Shanghai" },
  },
});
