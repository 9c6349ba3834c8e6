/** How far the conference is set up: asked of the API, which reads it from what is there. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { useSession } from "@lvyi/shared";
import { computed, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

type Part = Schemas["SetupPart"];
type Step = Schemas["SetupStep"];

export function useSetup() {
  const { may } = useSession();
  return useQuery({
    queryKey: ["setup"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/setup", { signal })).data,
    enabled: computed(() => may("settings.read")),
    staleTime: 0, // who comes back from a desk has done something there
  });
}

/** What a step is for, and what is told to who can do nothing about it here. */
export const WORDS: Record<Step["key"], string> = {
  organization: "组织的名称和级别。三位管理员各管一摊，由三位不同的同志担任；他们的账号由服务器的维护人员开立。",
  term: "本届从哪天到哪天。委员、界别和征集期都属于一届。",
  bodies: "界别和专委会可以随名册一起建立；参加单位提集体提案，承办单位办理提案。",
  offices: "设立科室，定下每个科室办什么，再在“账号”里把工作人员分到科室；账号由系统管理员开立。没有分到科室的机关工作人员，什么都能办。",
  roster: "委员的姓名、手机号、界别和职务。整份导入，看不懂的格子可以就地改。",
  rules: "从别的城市公开的办法改起，试算以后再施行。",
  window: "征集期里委员才能提交会议提案。",
  invitations: "生成首次登录的密码条，打印后当面交给委员。",
};

interface Way {
  text: string;
  to: string;
}

/** The desk where a part is done by hand. */
const BY_HAND: Partial<Record<Part["key"], Way>> = {
  term: { text: "增加届", to: "/members/groups/terms?new=1" },
  sectors: { text: "逐个增加", to: "/members/groups/sectors?new=1" },
  committees: { text: "逐个增加", to: "/members/groups/committees?new=1" },
  bodies: { text: "逐个增加", to: "/members/bodies?new=1" },
  units: { text: "逐个增加", to: "/members/groups/units?new=1" },
  offices: { text: "设立科室", to: "/offices?new=1" },
  staff: { text: "授予角色", to: "/accounts" },
  members: { text: "逐位增补", to: "/members?new=1" },
  rules: { text: "起草办法", to: "/rulesets/new?template=minhang" },
  windows: { text: "开征集期", to: "/proposals/windows?new=1" },
  invited: { text: "打印密码条", to: "/accounts/slips" },
};

/** How a part is brought in: the whole of it by a workbook, or one by one. */
export function waysOf(part: Part): Way[] {
  const byHand = BY_HAND[part.key];
  return [...(part.imports ? [{ text: "导入", to: `/imports?new=${part.imports}` }] : []), ...(byHand ? [byHand] : [])];
}

/** Begins what the address asks for (`?new=…`), once: the address forgets it. */
export function useBegin(begin: (what: string) => void): void {
  const route = useRoute();
  const router = useRouter();
  watch(
    () => route.query.new,
    (asked) => {
      if (typeof asked !== "string" || !asked) return;
      begin(asked);
      void router.replace({ query: { ...route.query, new: undefined } });
    },
    { immediate: true },
  );
}

const SHOWN = "lvyi.setup-shown";

/** Whether the guide has not yet opened by itself in this window for this account; it does so once. */
export function opensByItself(account: number): boolean {
  try {
    if (sessionStorage.getItem(SHOWN) === String(account)) return false;
    sessionStorage.setItem(SHOWN, String(account));
    return true;
  } catch {
    return false; // without a memory it would come again and again
  }
}
