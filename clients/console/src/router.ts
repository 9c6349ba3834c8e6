import { useSession } from "@lvyi/shared";
import { createRouter, createWebHistory } from "vue-router";
import { routes } from "vue-router/auto-routes";
import { isStaff } from "./frame/desks";
import { opening, unhandled } from "@lvyi/shared/ui";

declare module "vue-router" {
  interface RouteMeta {
    /** Shown without the frame around it, as on the wall of a meeting hall. */
    bare?: boolean;
  }
}

/** Where that is done which must be done before anything else: pages of the members' client. */
const FIRST: Record<string, string> = {
  password_change_required: "/password",
  second_factor_required: "/second-factor",
  consent_required: "/consent",
};

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes,
});

/** Leaves for a page of the members' client, which leads back here. */
function leave(path: string): false {
  window.location.assign(path);
  return false;
}

router.beforeEach(async (to) => {
  const { me, refresh } = useSession();
  opening.address = router.resolve(to).href;
  const back = encodeURIComponent(opening.address);
  if (!me.value && !(await refresh().catch(() => false))) return leave(`/login?to=${back}`);
  const due = me.value?.due;
  const first = due && FIRST[due];
  if (first) return leave(`${first}?to=${back}`);
  // who is a member and nothing else has everything on the phone client
  if (me.value && !isStaff(me.value)) return leave("/");
  return true;
});

router.beforeResolve(() => {
  opening.address = ""; // all parts of the screen are there
});
router.onError((error) => unhandled(error));
