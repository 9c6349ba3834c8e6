import { expect, it } from "vitest";
import { shownAt, type Fetched } from "../../src/features/activities/door-codes";

const fetched: Fetched = {
  at: 1_000_000,
  step_seconds: 30,
  seconds_left: 12.5,
  codes: ["AAA222", "BBB333", "CCC444"].map((code) => ({ code, qr: `data:${code}` })),
};

it.each([
  [0, "AAA222", 13],
  [12.4, "AAA222", 1],
  [12.5, "BBB333", 30],
  [42.4, "BBB333", 1],
  [42.5, "CCC444", 30],
  [72.4, "CCC444", 1],
])("shows after %d s without a connection %s for %d s more", (seconds, code, left) => {
  expect(shownAt(fetched, fetched.at + seconds * 1000)).toMatchObject({ code, qr: `data:${code}`, left });
});

it("shows none when what was fetched is used up", () => {
  expect(shownAt(fetched, fetched.at + 72_500)).toBeNull();
});
