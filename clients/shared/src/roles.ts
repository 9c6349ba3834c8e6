import type { Schemas } from "@lvyi/api";

/** Where each role does its work; `past` is never granted. */
export const WORKPLACES: Record<Schemas["Role"], "phone" | "desk" | "both" | "past"> = {
  member: "phone",
  secretariat: "desk",
  unit_officer: "desk",
  leader: "both",
  information_officer: "phone",
  system_admin: "desk",
  security_admin: "desk",
  auditor: "desk",
  outgoing_member: "past",
  former_member: "past",
};
