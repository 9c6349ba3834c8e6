import { ref, watchEffect, type Ref } from "vue";

import { keep, kept } from "./kept";

export type Theme = "auto" | "light" | "dark";

const elder = ref(kept("elder") === "true");
const theme = ref((kept("theme") as Theme | null) ?? "auto");
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(prefersDark.matches);
prefersDark.addEventListener("change", (event) => (systemDark.value = event.matches));

watchEffect(() => {
  keep("elder", String(elder.value));
  keep("theme", theme.value);
  const { dataset } = document.documentElement;
  if (elder.value) dataset.elder = "true";
  else delete dataset.elder;
  dataset.theme = theme.value === "auto" ? (systemDark.value ? "dark" : "light") : theme.value;
});

/** 长辈模式 and colours of this phone; on `<html>` as `data-elder` (only when on) and `data-theme` (light or dark). */
export function useSettings(): { elder: Ref<boolean>; theme: Ref<Theme> } {
  return { elder, theme };
}
