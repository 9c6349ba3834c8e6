/** Notifications: the icon of those that name nobody, and which kinds come. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import type { IconName } from "@lvyi/shared/ui";

export type Setting = Schemas["SettingOut"];

const ICONS: Record<string, IconName> = {
  activity: "calendar",
  body: "people",
  bulletin: "board",
  card: "card",
  case: "talk",
  claim: "archive",
  finding: "voice",
  output: "proposal",
  commitment: "proposal",
  contact: "person",
  credential: "gear",
  internal_note: "pen",
  lead: "voice",
  matter: "talk",
  opinion: "voice",
  person: "person",
  personal_request: "person",
  project: "people",
  proposal: "proposal",
  reading: "book",
  reading_note: "book",
  reply: "reply",
  seed: "link",
  speech: "voice",
  speech_call: "voice",
  topic: "talk",
  update: "pen",
  venue: "place",
};

export const iconOf = (kind: string): IconName => ICONS[kind.split(".")[0]!] ?? "bell";

const key = ["notification-settings"];

export const useNoticeSettings = () =>
  useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/notifications/settings", { signal })).data.items,
  });

/** Switches one kind, seen at once; what the server says counts. */
export async function change(setting: Setting): Promise<void> {
  const { kind, in_app, push } = setting;
  queryClient.setQueryData<Setting[]>(key, (all) => all?.map((one) => (one.kind === kind ? setting : one)));
  try {
    const { data } = await api.PUT("/api/v1/notifications/settings", { body: { items: [{ kind, in_app, push }] } });
    queryClient.setQueryData(key, data.items);
  } catch (problem) {
    await queryClient.invalidateQueries({ queryKey: key });
    throw problem;
  }
}
