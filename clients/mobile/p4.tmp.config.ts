import base from "/work/main/clients/mobile/playwright.config";
export default { ...base, testDir: "/work/main/clients/mobile/e2e", globalSetup: undefined, outputDir: "/tmp/p4/results", use: { ...base.use, baseURL: "http://127.0.0.1:8024", trace: "off" } };
