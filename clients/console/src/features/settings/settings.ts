/** Settings of the organization in words. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";

export type Setting = Schemas["OrganizationSetting"];

export function useOrganizationSettings() {
  return useQuery({ queryKey: ["settings"], queryFn: async ({ signal }) => (await api.GET("/api/v1/settings", { signal })).data.items });
}

type Described = Pick<Setting, "value_type" | "unit" | "choices">;

/** A value as people read it. */
export function inWords(setting: Described, value: unknown): string {
  if (value === null || value === undefined || value === "") return "（空）";
  switch (setting.value_type) {
    case "boolean":
      return value ? "是" : "否";
    case "choice":
      return setting.choices.find(({ code }) => code === value)?.label ?? String(value);
    case "map":
      return Object.entries(value as Record<string, string>)
        .map(([code, word]) => `${setting.choices.find((one) => one.code === code)?.label ?? code}：${word}`)
        .join("；");
    default:
      return `${String(value)}${setting.unit ? ` ${setting.unit}` : ""}`;
  }
}

/** What a number or a text may be. */
export function bounds({ minimum, maximum, max_length, unit }: Pick<Setting, "minimum" | "maximum" | "max_length" | "unit">): string {
  if (minimum !== null && maximum !== null) return `可填 ${minimum} 到 ${maximum}${unit ? ` ${unit}` : ""}`;
  return max_length ? `最多 ${max_length} 个字` : "";
}
