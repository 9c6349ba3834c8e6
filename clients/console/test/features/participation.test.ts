import { describe, expect, it } from "vitest";
import type { Schemas } from "@lvyi/api";
import { dayBefore, moved, sectorsOf, withMoves } from "../../src/features/heat/heat";
import { quotation, voicesOf, type Reply } from "../../src/features/topics/topics";

const row = (id: number, rank: number, heat: number, sector = "教育") =>
  ({ rank, heat, seat: { id, name: `委员${id}`, sector }, parts: {} }) as unknown as Schemas["BoardRow"];
const reply = (seat_id: number, author_sector: string, state = "shown") =>
  ({ seat_id, author_sector, author_name: "周岚", body: " 支持。 ", state }) as unknown as Reply;

describe("the heat board over time", () => {
  it("says who rose, who fell, and who is new", () => {
    const rows = withMoves([row(1, 1, 9), row(2, 2, 5), row(3, 3, 1)], [row(2, 1, 7), row(1, 3, 2)]);
    expect(rows.map(({ gained }) => moved(gained))).toEqual(["↑2", "↓1", "新上榜"]);
    expect(moved(0)).toBe("—");
  });

  it("compares a week with the week before, a month with the month before", () => {
    expect(dayBefore("week", new Date(2026, 0, 3))).toBe("2025-12-27");
    expect(dayBefore("month", new Date(2026, 2, 31))).toBe("2026-02-28");
  });

  it("adds up sectors and names those without heat", () => {
    const { warm, silent } = sectorsOf([row(1, 1, 2), row(2, 2, 1), row(3, 3, 5, "科技"), row(4, 4, 0, "工会")], ["教育", "科技", "工会"]);
    expect(warm.map(({ name, heat, members }) => [name, heat, members])).toEqual([["科技", 5, 1], ["教育", 3, 2]]);
    expect(silent).toEqual(["工会"]);
  });
});

describe("the voices in a topic", () => {
  it("counts members once, leaves hidden opinions out, and names the silent sectors", () => {
    const voices = voicesOf([reply(1, "教育"), reply(1, "教育"), reply(2, "科技"), reply(3, "工会", "hidden")], ["教育", "科技", "工会"]);
    expect(voices.members).toBe(2);
    expect(voices.bySector[0]).toEqual({ name: "教育", replies: 2, members: 1 });
    expect(voices.silent).toEqual(["工会"]);
  });

  it("quotes with the name", () => {
    expect(quotation(reply(1, "教育"))).toBe("周岚委员（教育）：“支持。”");
  });
});
