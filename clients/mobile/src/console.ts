/** The way to the desk of the staff, which is a client of its own, and back to what was asked for. */
import type { Schemas } from "@lvyi/api";
import { useRoute, useRouter } from "vue-router";

export const CONSOLE = "/console/";

const AT_DESK = ["secretariat", "unit_officer", "system_admin", "security_admin", "auditor"];

/** Whether somebody has no seat and work at the desk: the first page leads there. Leaders read on the phone too. */
export function worksAtDesk({ seat, past_seats, roles }: Schemas["MeOut"]): boolean {
  return !seat && !past_seats.length && roles.some(({ role }) => AT_DESK.includes(role));
}

/** Whether somebody may open the desk beside what they do on the phone. */
export function mayOpenDesk({ roles }: Schemas["MeOut"]): boolean {
  return roles.some(({ role }) => role === "leader" || AT_DESK.includes(role));
}

/** Goes on to the page that `?to=` names, of this client or of the desk; else to the one that is given. */
export function useWayOn(): (otherwise?: string) => void {
  const { query } = useRoute();
  const router = useRouter();
  return (otherwise = "/") => {
    // only a page of ours: "//elsewhere" would leave the site
    const path = typeof query.to === "string" && /^\/(?!\/)/.test(query.to) ? query.to : otherwise;
    if (path.startsWith(CONSOLE)) window.location.replace(path);
    else void router.replace(path);
  };
}
