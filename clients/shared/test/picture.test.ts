import { describe, expect, test, vi } from "vitest";
import { compressPicture, fit } from "../src/picture";

describe("the size of a picture", () => {
  test.each([
    [4000, 3000, 1600, 1200],
    [3000, 4000, 1200, 1600],
    [800, 600, 800, 600],
    [1080, 8000, 1080, 8000],
    [1440, 12000, 1080, 9000],
    [30, 12000, 30, 12000],
    [9000, 1500, 6480, 1080],
  ])("%i × %i is sent as %i × %i", (width, height, ...sent) => {
    expect(fit(width, height)).toEqual({ width: sent[0], height: sent[1] });
  });

  test("a canvas of an iPhone holds it, however long it is", () => {
    const { width, height } = fit(1080, 60_000);
    expect(width * height).toBeLessThanOrEqual(4096 * 4096);
  });
});

test("what the browser cannot open goes to the server when that can, and is refused when not", async () => {
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:", revokeObjectURL: () => {} }));
  HTMLImageElement.prototype.decode = () => Promise.reject(new Error("EncodingError"));
  const heic = new Blob(["\0\0\0\x1cftypheic\0\0\0\0mif1heic"]);
  expect(await compressPicture(heic)).toBe(heic);
  await expect(compressPicture(new Blob(["no picture at all"]))).rejects.toThrow();
});
