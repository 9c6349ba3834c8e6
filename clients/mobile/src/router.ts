import { routeOf, errorText, useSession } from "@lvyi/shared";
import { createRouter, createWebHistory, START_LOCATION } from "vue-router";
import { routes } from "vue-router/auto-routes";
import { toast, unhandled } from "@lvyi/shared/ui";
import { uncover } from "./ui/frame/overlays"; // it listens before the router does
import { CONSOLE, worksAtDesk } from "./features/account/console";
import { at, switchTo } from "./features/account/organizations";

declare module "vue-router" {
  interface RouteMeta {
    /** One of the pages of the tab bar: kept as it is while others are open. */
    tab?: boolean;
    /** Open to those who have not logged in. */
    open?: boolean;
    /** The permission without which nothing could be handed in here: `NotYours.vue` stands in its place. */
    needs?: string;
  }
}

/** Where that is done which must be done before anything else. */
const FIRST: Record<string, string> = {
  password_change_required: "/password",
  second_factor_required: "/second-factor",
  consent_required: "/consent",
};

/** Where each tab was left; browsers remember only for "back". */
const places = new Map<string, number>();

function opened(path: string, organization: unknown): string {
  const page = routeOf(path) ?? "/notifications";
  return organization ? at(Number(organization), page) : page;
}

export const router = createRouter({
  history: createWebHistory(),
  // where a touched notification leads: it knows the API's path, as in /open/api/v1/topics/5
  routes: [
    ...routes,
    { path: "/open/:path(.*)", redirect: ({ path, query }) => opened(path.slice("/open".length), query.organization) },
  ],
  scrollBehavior(to, from, saved) {
    // a page that was just loaded is at its top: asking it to go there costs a layout
    return saved ?? (from !== START_LOCATION && { top: to.meta.tab ? places.get(to.path) : 0 });
  },
});

router.beforeEach(uncover);
router.beforeEach(async (to, from) => {
  if (from.meta.tab) places.set(from.path, window.scrollY);
  if (to.meta.open) return true;
  const { me, may, refresh } = useSession();
  // a failure other than "nobody" (no network) leads to the login page too: it says so when it is tried
  if (!me.value && !(await refresh().catch(() => false))) return { path: "/login", query: { to: to.fullPath } };
  const due = me.value?.due;
  const path = due && FIRST[due];
  if (path && to.path !== path) return { path };
  // a touched notification of another organization: there first
  const organization = Number(to.query.organization);
  if (organization && organization !== me.value?.organization.id) {
    await switchTo(organization, to.fullPath).catch((error: unknown) => toast(errorText(error)));
    return false;
  }
  // who has left opens what is their own
  if (to.path === "/" && !may("circle.read") && me.value?.seat) return { path: "/me" };
  if (to.path === "/" && me.value && worksAtDesk(me.value)) {
    window.location.replace(CONSOLE);
    return false;
  }
  // who is not of the circle has come to hand in leads
  if (to.path === "/" && !may("circle.read")) return { path: may("lead.write") ? "/leads" : "/me" };
  return true;
});

router.onError((error) => {
  if (navigator.onLine) unhandled(error);
  else toast("没有网络，这个页面还打不开。");
});
