/** What is shown to members, in one place; sentences of single screens may stand here too. */
export const messages = {
  draft: {
    saved: "草稿已保存",
    saving: "正在保存…",
    pending: "待发送",
    sent: "已发送",
    untitled: "未命名草稿",
    noRoom: "手机存储空间不足，草稿没有存下，请先不要离开本页。",
    occupied: "这里正在写另一条，请先发送或清空，再改这一条。",
  },
  outbox: {
    sending: "正在发送…",
    waiting: "待发送，联网后自动发出",
    doubtful: "这一条可能已经发出。请先查看，没有发出再点“重新发送”。",
    noRoom: "现在没有网络，手机存储空间也不足，这一条没有存下，请联网后再试。",
  },
  error: {
    offline: "网络不通，请检查网络后再试。",
    signedOut: "登录已过期，请重新登录。",
    forbidden: "没有进行此操作的权限。",
    notFound: "内容不存在，或者无权查看。",
    tooLarge: "内容太大，无法发送。",
    tooMany: "操作过于频繁，请稍后再试。",
    server: "服务暂时不可用，请稍后再试。",
    refused: "没有成功，请检查后再试。",
    unexpected: "出了点问题，请再试一次。",
    picture: "这张照片打不开，请换一张。",
  },
  time: {
    now: "刚刚",
    minutes: (n: number) => `${n}分钟前`,
    today: (clock: string) => `今天 ${clock}`,
    yesterday: (clock: string) => `昨天 ${clock}`,
    day: (month: number, day: number) => `${month}月${day}日`,
    dayOfYear: (year: number, month: number, day: number) => `${year}年${month}月${day}日`,
  },
  tenThousands: (n: string) => `${n}万`,
};
