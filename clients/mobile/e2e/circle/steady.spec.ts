import { expect, test } from "@playwright/test";
import { login, shifted } from "../phone";

test("what is shown stays where it is as answers arrive one after another", async ({ page }) => {
  await login(page);
  for (const path of ["/", "/me", "/topics", "/notifications", "/points", "/leaderboard", "/cards"]) {
    expect.soft(await shifted(page, path), path).toBeLessThan(0.05);
  }
});
