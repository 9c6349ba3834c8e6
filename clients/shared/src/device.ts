const DEVICES: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/HONOR/i, "荣耀手机"],
  [/HUAWEI/i, "华为手机"],
  [/HarmonyOS|HMOS/, "鸿蒙手机"],
  [/Xiaomi|Redmi|MIX |; MI /i, "小米手机"],
  [/OPPO|OnePlus|realme/i, "OPPO 手机"],
  [/vivo|iQOO/i, "vivo 手机"],
  [/SAMSUNG|; SM-/i, "三星手机"],
  [/Android/, "安卓手机"],
  [/Windows/, "Windows 电脑"],
  [/Macintosh/, "苹果电脑"],
  [/Linux/, "Linux 电脑"],
];
const PROGRAMS: [RegExp, string][] = [
  [/MicroMessenger/, "微信"],
  [/HuaweiBrowser/, "华为浏览器"],
  [/MiuiBrowser/, "小米浏览器"],
  [/Edg/, "Edge"],
  [/Firefox/, "火狐"],
  [/Chrome|CriOS/, "Chrome"],
  [/Safari/, "Safari"],
];

/** What a client called itself, in words: "iPhone · 微信". */
export function deviceName(agent: string): string {
  const first = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(agent))?.[1];
  return [first(DEVICES) ?? "其他设备", first(PROGRAMS)].filter(Boolean).join(" · ");
}
