/** Entries of the audit log in words. */
import type { Schemas } from "@lvyi/api";
import { moment } from "@lvyi/shared";
import { type Column, MOMENT } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Entry = Schemas["AuditOut"];

const NOUNS: Record<string, string> = {
  login: "登录", access: "访问", account: "账号", role: "角色", session: "登录会话", password: "密码", second_factor: "动态验证码", office: "科室",
  settings: "设置", duty_years: "履职年度", organization: "组织", seat: "委员席位", person: "个人资料", term: "届", sector: "界别", committee: "专委会",
  body: "参加单位", unit: "承办单位", proposal: "提案", proposal_window: "提案征集", opinion: "社情民意信息", lead: "线索", topic: "议题", update: "动态",
  reply: "回复", activity: "活动", reading: "读书", reading_note: "读书笔记", note: "读书笔记", card: "纪念卡", cards: "纪念卡", bulletin: "通报",
  ruleset: "积分办法", duty: "履职记录", workday: "工作日", workdays: "工作日", import: "导入", backup: "备份", job: "后台任务", audit: "审计记录",
  export: "导出", file: "附件", claim: "履职申报", finding: "意见建议", output: "成果件", case: "履职呼叫", speech: "大会发言", speech_call: "大会发言征集", points: "积分", report: "履职报告", lock: "登录锁定", statistics: "统计", duplicates: "重名核对", attendance: "出席情况",
  phrases: "常用语",
};
const VERBS: Record<string, string> = {
  read: "查看", listed: "查看名单", created: "新建", changed: "修改", edited: "修改", deleted: "删除", removed: "移除", denied: "被拒绝", failed: "失败", locked: "锁定",
  unlocked: "解除锁定", granted: "授予", revoked: "收回", reset: "重置", issued: "发放", ended: "结束", closed: "关闭", opened: "开立", reopened: "重新启用", disabled: "关闭",
  enabled: "重新启用", confirmed: "确认", resumed: "恢复", corrected: "更正", exported: "导出", published: "发布", drafted: "起草", tried: "试算", overridden: "设定",
  restored: "恢复", hidden: "隐藏", unhidden: "恢复显示", recorded: "登记", began: "开始", begun: "开始", applied: "写入", mended: "修改", made: "制作", downloaded: "下载",
  joined: "加入成员", stay_changed: "改成员的日期", stay_removed: "从成员名单删去", retried: "重新执行", verified: "校验", entered: "代为录入", stepped: "办理", added: "增加", sealed: "加封", merged: "合并", kept: "整理", codes_shown: "签到码上屏", link_made: "给出下载链接", shared: "设定公开范围",
};
const DETAILS: Record<string, string> = {
  session: "会话", ended: "结束的会话", reason: "原因", role: "角色", office: "科室", office_id: "科室", unit_id: "承办单位", group: "分组", fields: "项目", year: "年度",
  version: "版次", period: "期间", count: "数量", persons: "人数", accounts: "账号数", sessions: "会话数", permission: "权限", filters: "筛选", day: "日期", to: "换到",
  was_workday: "原来是工作日", national: "全国统一", broken: "不一致的记录", kind: "类别", rows: "行数",
};
const RESULTS: Record<string, string> = { ok: "成功", failed: "失败", locked: "已锁定", denied: "无权" };

/** What was done: 角色 授予. Words that are not known stand as they are recorded. */
export function actionInWords(action: string): string {
  const [noun = "", verb = ""] = action.split(".");
  return [NOUNS[noun] ?? noun, VERBS[verb] ?? verb].filter(Boolean).join(" ");
}
export const resultInWords = (result: string): string => RESULTS[result] ?? result;
/** What else is on record of an entry; names that are not known stand as they are recorded. */
export const detailsInWords = ({ detail }: Pick<Entry, "detail">): [string, string][] =>
  Object.entries(detail).map(([key, value]) => [DETAILS[key] ?? key, typeof value === "object" ? JSON.stringify(value) : String(value)]);
export const subjectInWords = ({ subject_type, subject_id }: Entry): string =>
  subject_type ? `${NOUNS[subject_type] ?? subject_type}${subject_id ? ` ${subject_id}` : ""}` : "";

export const COLUMNS: Column<Entry>[] = [
  { key: "at", label: "时间", width: MOMENT, text: ({ at }) => moment(at) },
  { key: "who", label: "经办", width: 80, text: ({ account_name, account_id }) => account_name ?? (account_id ? `账号 ${account_id}` : "未登录") },
  { key: "action", label: "做了什么", width: 180, grows: true, text: ({ action }) => actionInWords(action) },
  { key: "result", label: "结果", width: 70, text: ({ result }) => resultInWords(result) },
  { key: "subject", label: "对象", width: 130, text: subjectInWords },
  { key: "address", label: "地址", width: 120, text: ({ address }) => address },
  { key: "id", label: "序号", width: 80, isNumber: true, isExtra: true, text: ({ id }) => String(id) },
];

const COMMON = ["login", "login.failed", "access.denied", "account.read", "account.created", "account.disabled", "role.granted", "role.revoked", "password.reset", "password.changed", "password.issued", "backup.link_made", "activity.codes_shown", "second_factor.removed", "session.ended", "settings.changed", "seat.created", "seat.ended", "person.corrected"];

export const FIELDS: FilterField[] = [
  { key: "action", label: "做了什么", choices: COMMON.map((value) => ({ value, label: value === "login" ? "登录 成功" : actionInWords(value) })) },
  { key: "result", label: "结果", choices: Object.entries(RESULTS).map(([value, label]) => ({ value, label })) },
  { key: "since", label: "从哪一天起", kind: "day" },
  { key: "until", label: "到哪一天止", kind: "day" },
  { key: "account_id", label: "账号的编号", kind: "text" },
  { key: "subject_type", label: "对象", choices: ["account", "role", "office", "seat", "person", "proposal", "opinion", "topic", "update", "reply", "activity"].map((value) => ({ value, label: NOUNS[value]! })) },
  { key: "subject_id", label: "对象的编号", kind: "text" },
];

/** Filters as the API takes them: whole local days become moments. */
export function queryOf({ since, until, ...rest }: Record<string, string>): Record<string, string> {
  const start = (day: string, later = 0) => {
    const at = new Date(`${day}T00:00`);
    at.setDate(at.getDate() + later);
    return at.toISOString();
  };
  return { ...rest, ...(since ? { since: start(since) } : {}), ...(until ? { until: start(until, 1) } : {}) };
}
