/** Personal data: the notice, what the roster says, requests to correct or erase. */
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type PersonalRequest = Schemas["RequestOut"];
export type PersonalField = Schemas["PersonalField"];

/** Everything about oneself; opened as a link, the browser keeps the file. */
export const DATA = "/api/v1/me/data.zip";

export const FIELDS: { field: PersonalField; label: string; hint: string; type: "text" | "tel" | "date" }[] = [
  { field: "name", label: "姓名", hint: "与身份证件一致", type: "text" },
  { field: "phone", label: "手机号码", hint: "办结后用新号码登录", type: "tel" },
  { field: "employer", label: "工作单位及职务", hint: "如：市第三中学 校长", type: "text" },
  { field: "born_on", label: "出生日期", hint: "", type: "date" },
  { field: "gender", label: "性别", hint: "", type: "text" },
];

/** What the roster says of a field, in words. */
export function registered(personal: Schemas["PersonalOut"], field: PersonalField): string {
  const value = personal[field];
  return value && field === "born_on" ? day(value) : (value ?? "未登记");
}

const LIST = ["privacy", "requests"];

export function useNotice() {
  return useQuery({
    queryKey: ["privacy", "notice"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/privacy/notice", { signal })).data,
  });
}

export function useRetention() {
  return useQuery({
    queryKey: ["privacy", "retention"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/privacy/retention", { signal })).data.items,
  });
}

export function usePersonal() {
  return useQuery({
    queryKey: ["privacy", "personal"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/me/personal", { signal })).data ?? null,
  });
}

export function useRequests() {
  return usePages(LIST, async (cursor, signal) => {
    return (await api.GET("/api/v1/privacy/requests", { params: { query: { cursor } }, signal })).data;
  });
}

/** Asks to correct a field to a value, or without a field to erase. */
export async function ask(body: Schemas["RequestIn"]): Promise<void> {
  await api.POST("/api/v1/privacy/requests", { body });
  await queryClient.invalidateQueries({ queryKey: LIST });
}

export async function withdrawRequest({ id }: PersonalRequest): Promise<void> {
  const params = { path: { request_id: id } };
  await api.POST("/api/v1/privacy/requests/{request_id}/transitions", { params, body: { action: "withdraw" } });
  await queryClient.invalidateQueries({ queryKey: LIST });
}
