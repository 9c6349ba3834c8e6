import { api, onSignedOut, Problem, type Schemas } from "@lvyi/api";
import { computed, ref, shallowRef, type ComputedRef, type Ref } from "vue";

import { clearCaches, queryClient } from "./network/cache";
import { setStored, getStored } from "./storage";

type Me = Schemas["MeOut"];

const me = shallowRef<Me | null>(remembered());
const signedIn = ref(me.value !== null);
const account = computed(() => me.value?.account_id ?? 0);

onSignedOut(() => (signedIn.value = false));

/** Whose drafts and queued posts are shown; 0 while nobody is known. */
export function useAccount(): ComputedRef<number> {
  return account;
}

/** Who uses this phone. */
export function useSession(): {
  /** The last one who logged in, also after the session ran out, so that the page can stay; null when nobody. */
  me: Ref<Me | null>;
  /** Whether the session holds as far as is known. */
  signedIn: Ref<boolean>;
  /** Whether one of their roles holds a permission of the API, such as `circle.read`. */
  may: (permission: string) => boolean;
  /** Whether a seat is theirs, of the present or an earlier term. */
  owns: (seat: number) => boolean;
  login: typeof login;
  logout: typeof logout;
  refresh: typeof refresh;
  work: typeof work;
} {
  return { me, signedIn, may, owns, login, logout, refresh, work };
}

function may(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

function owns(seat: number): boolean {
  return me.value?.seat?.id === seat || Boolean(me.value?.past_seats?.some(({ id }) => id === seat));
}

/** `Problem` with the code `second_factor_needed` asks for the same again with `code`. */
async function login(phone: string, password: string, code?: string): Promise<Me> {
  const { data } = await api.POST("/api/v1/auth/login", { body: { phone, password, code } });
  if (me.value && me.value.account_id !== data.me.account_id) await clearCaches();
  enter(data.me);
  return data.me;
}

/** Ends the session and forgets what the server said; drafts and queued posts stay for their account. */
async function logout(): Promise<void> {
  await api.POST("/api/v1/auth/logout").catch((error: unknown) => {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  });
  me.value = null;
  signedIn.value = false;
  setStored("me", null);
  await clearCaches();
}

/** Works in another of one's organizations from now on; what was read in this one is forgotten on the phone. */
async function work(organization_id: number): Promise<void> {
  const { data } = await api.PUT("/api/v1/auth/organization", { body: { organization_id } });
  await clearCaches();
  enter(data);
}

/** Asks the server who I am; false when nobody is logged in. Throws what else goes wrong. */
async function refresh(): Promise<boolean> {
  try {
    enter((await api.GET("/api/v1/auth/me")).data);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    signedIn.value = false;
  }
  return signedIn.value;
}

function enter(who: Me): void {
  if (!signedIn.value) void queryClient.invalidateQueries(); // asked in vain meanwhile
  me.value = who;
  signedIn.value = true;
  setStored("me", JSON.stringify(who));
}

function remembered(): Me | null {
  try {
    return JSON.parse(getStored("me") ?? "null") as Me | null;
  } catch {
    return null;
  }
}
