/** Links to the console of the staff, which is a client of its own, and the redirect after logging in. */
import type { Schemas } from "@lvyi/api";
import { WORKPLACES } from "@lvyi/shared";
import { useRoute, useRouter } from "vue-router";

export const CONSOLE = "/console/";

/** Whether somebody has no seat and work at the desk: the first page leads there. Leaders read on the phone too. */
export function worksAtDesk({ seat, past_seats, roles }: Schemas["MeOut"]): boolean {
  return !seat && !past_seats.length && roles.some(({ role }) => WORKPLACES[role] === "desk");
}

/** Whether somebody may open the desk beside what they do on the phone. */
export function mayOpenDesk({ roles }: Schemas["MeOut"]): boolean {
  return roles.some(({ role }) => ["desk", "both"].includes(WORKPLACES[role]));
}

/** Goes on to the page that `?to=` names, of this client or of the desk; else to the one that is given. */
export function useRedirect(): (otherwise?: string) => void {
  const { query } = useRoute();
  const router = useRouter();
  return (otherwise = "/") => {
    // only a page of ours: "//elsewhere" would leave the site
    const path = typeof query.to === "string" && /^\/(?!\/)/.test(query.to) ? query.to : otherwise;
    if (path.startsWith(CONSOLE)) window.location.replace(path);
    else void router.replace(path);
  };
}
