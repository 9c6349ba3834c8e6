import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { add, freeId, move, put, putCodes, read, remove } from "../src/features/points/form/rules-text";

const SHIPPED = "../app/points/rulesets/"; // from clients/, where tests run
const TEXT = `# 试行
name: 试行办法
own_note: 本会自己的备注 # 程序不认识
rules:
  # 立案是本
  - id: filed
    label: 立案提案
    kinds: [proposal.filed, proposal.commended] # 两类
    points: 5 # 每件
  - id: speech
    label: 大会发言
    kinds: [speech.delivered]
    points_by: {lead: 2}
boards:
  - {id: all, label: 全部, posts: [chair, member]}
`;

describe("the text of a ruleset", () => {
  test.each(readdirSync(SHIPPED).filter((file) => file.endsWith(".yaml")))("%s is written as it was, but for the value that is changed", (file) => {
    const text = readFileSync(SHIPPED + file, "utf8");
    const name = (read(text)!.name as string) + "二";
    expect(put(text, ["name"], name)).toBe(text.replace(/^name: .*$/m, `name: ${name}`));
  });

  test("comments, flow style and keys that nobody knows stay", () => {
    expect(put(TEXT, ["rules", 0, "points"], 7.5)).toBe(TEXT.replace("points: 5", "points: 7.5"));
    expect(put(TEXT, ["rules", 1, "points_by", "participant"], 1)).toBe(TEXT.replace("{lead: 2}", "{lead: 2, participant: 1}"));
    expect(put(TEXT, ["rules", 0, "points"], null)).toBe(TEXT.replace("    points: 5 # 每件\n", ""));
    expect(put(TEXT, ["rules", 0, "out_of", "kinds"], "x")).toContain("    out_of:\n      kinds: x\n");
  });

  test("a list of codes changes where it must", () => {
    const kinds = ["rules", 0, "kinds"];
    expect(putCodes(TEXT, kinds, ["proposal.commended", "proposal.rated"])).toBe(TEXT.replace("proposal.filed, proposal.commended", "proposal.commended, proposal.rated"));
    expect(putCodes(TEXT, ["rules", 1, "roles"], ["lead"])).toContain("    points_by: {lead: 2}\n    roles: [lead]\n");
    expect(read(putCodes(TEXT, kinds, []))!.rules).toHaveProperty([0], { id: "filed", label: "立案提案", points: 5 });
  });

  test("parts are added, moved with their comments, and taken out", () => {
    const longer = add(TEXT, ["groups"], { id: "basic", label: "基本" });
    expect(read(longer)!.groups).toEqual([{ id: "basic", label: "基本" }]);
    expect(remove(longer, ["groups", 0])).toBe(TEXT);
    const moved = move(TEXT, ["rules", 0], 1);
    expect((read(moved)!.rules as { id: string }[]).map(({ id }) => id)).toEqual(["speech", "filed"]);
    expect(moved.indexOf("# 立案是本")).toBeGreaterThan(moved.indexOf("speech"));
    expect(move(TEXT, ["rules", 0], -1)).toBe(TEXT);
    expect(freeId("rule", [{ id: "rule_1" }, { id: "rule_3" }])).toBe("rule_4");
    expect(freeId("rule", [{ id: "rule_2" }])).toBe("rule_3");
  });

  test("a text that cannot be read is left as it is", () => {
    for (const broken of ["name: [一", "- 一\n- 二", "a: 1\na: 2", "一句话", ""]) {
      expect(read(broken)).toBeNull();
      expect(put(broken, ["name"], "新")).toBe(broken);
      expect(add(broken, ["rules"], {})).toBe(broken);
    }
  });
});
