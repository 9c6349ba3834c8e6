/** Notifications on this phone, also while the app is closed (Web Push). */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { setStored, getStored, errorText, UserError, useSession } from "@lvyi/shared";
import { computed, ref, type ComputedRef } from "vue";

const { me } = useSession();
/** The account that switched them on: a browser has one subscription, whoever is logged in. */
const owner = ref(getStored("push"));
const isOn = computed(() => owner.value === String(me.value?.account_id));
const DENIED = "没有允许通知。请在浏览器的网站设置里允许履易发通知，再回来打开。";

/** The switch in the settings. */
export function usePush(): {
  /** Whether this phone rings for the one who is logged in. */
  isOn: ComputedRef<boolean>;
  /** Why it cannot, as a sentence; null when it can, undefined while that is not known. */
  hindrance: ComputedRef<string | null | undefined>;
  /** To be called by a touch: browsers ask for permission only then. */
  turn: (on: boolean) => Promise<void>;
} {
  const missing = whatIsMissing();
  const { data: key, error } = useQuery({
    queryKey: ["push", "key"],
    queryFn: async () => (await api.GET("/api/v1/push/key")).data.key,
    enabled: !missing,
  });
  const hindrance = computed(() => {
    if (missing) return missing;
    if (key.value === undefined) return error.value ? errorText(error.value) : undefined;
    return key.value === null ? "本系统没有开通手机通知。" : null;
  });
  return { isOn, hindrance, turn: (on) => (on ? startPush(key.value!) : endPush()) };
}

/** What stands in the way on this phone, as a sentence; null when nothing. */
function whatIsMissing(): string | null {
  if (!isSecureContext) return "网址以 https 开头时才能收到手机通知。";
  const isAble = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!isAble) return "这个浏览器收不到手机通知。苹果手机请先把履易添加到主屏幕，再从主屏幕打开。";
  return Notification.permission === "denied" ? DENIED : null;
}

async function startPush(key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new UserError(DENIED);
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe(); // it may be for another key
  const subscribing = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await send(
    await subscribing.catch(() => {
      throw new UserError("这部手机连不上推送服务，收不到手机通知。");
    }),
  );
  setOwner(String(me.value!.account_id));
}

/** Ends them on this phone, before its account logs out; works without a connection too. */
export async function endPush(): Promise<void> {
  if (owner.value === null) return;
  await (await current())?.unsubscribe();
  setOwner(null);
  await api.DELETE("/api/v1/push/subscription").catch(() => {}); // the push service will tell the server
}

/** A session has begun: it takes over what its account had switched on; what another one had is ended. */
export async function renewPush(): Promise<void> {
  if (owner.value === null) return;
  const subscription = await current();
  if (subscription && isOn.value) await send(subscription);
  else await endPush();
}

function setOwner(account: string | null): void {
  owner.value = account;
  setStored("push", account);
}

async function current(): Promise<PushSubscription | null | undefined> {
  return (await navigator.serviceWorker?.getRegistration())?.pushManager?.getSubscription();
}

async function send(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  await api.PUT("/api/v1/push/subscription", { body: { endpoint, keys } as Schemas["SubscriptionIn"] });
}
