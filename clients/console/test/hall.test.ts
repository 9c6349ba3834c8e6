import { expect, test } from "vitest";
import { aislesIn, chairsOf, type Guest } from "../src/features/activities/hall";
import { groupBars, growth, type Group } from "../src/features/bulletins/groups";

const guest = (row: number, chair: number, name: string) => ({ row, chair, name, seat_id: chair }) as Guest;

test("a hall shows each guest on the chair that is theirs", () => {
  const rows = chairsOf({ rows: 2, columns: 3, guests: [guest(2, 3, "王芳"), guest(1, 1, "李明")] });
  expect(rows.map(({ chairs }) => chairs.map(({ guest: who }) => who?.name ?? "空"))).toEqual([
    ["李明", "空", "空"],
    ["空", "空", "王芳"],
  ]);
});

test("aisles are read however they are divided", () => {
  expect(aislesIn("4、8 , 12")).toEqual([4, 8, 12]);
  expect(aislesIn("")).toEqual([]);
});

test("groups are compared per head, the most first, and each bar opens its records", () => {
  const group = (name: string, perHead: number | null, change: number | null) => {
    const counted = (path: string | null) => ({ per_head: perHead, records: { count: 1, path } });
    return { name, counts: { now: counted("/api/v1/bulletins/3/records?sector=" + name), before: counted(null), change } } as unknown as Group;
  };
  const groups = [group("教育界", 1, 0), group("科技界", 2, -0.125), group("无人界", null, null)];
  const bars = groupBars(groups);
  expect(bars.map(({ label, values }) => [label, values[0]])).toEqual([["科技界", 2], ["教育界", 1], ["无人界", 0]]);
  expect(bars[0]!.to).toEqual(["/bulletins/3/records?sector=科技界", null]);
  expect(groups.map(growth)).toEqual(["持平", "减少 12.5%", "—"]);
});
