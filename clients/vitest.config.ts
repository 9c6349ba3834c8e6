import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://phone.test/" } },
    include: ["{api,shared,mobile,console}/test/**/*.test.ts"],
    setupFiles: ["fake-indexeddb/auto"],
    env: { TZ: "Asia/Shanghai" },
  },
});
