import { test } from "@playwright/test";
import { shifted } from "../../../mobile/e2e/phone";
import { enter, expect } from "../desk";

test("lists stay where they are as counts arrive", async ({ page }) => {
  await enter(page, "机关工作人员");
  for (const path of ["/console/", "/console/proposals?scope=review", "/console/opinions", "/console/topics", "/console/activities", "/console/members", "/console/heat"]) {
    expect.soft(await shifted(page, path), path).toBeLessThan(0.05);
  }
});
