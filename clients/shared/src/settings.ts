import { ref, watchEffect, type Ref } from "vue";

import { setStored, getStored } from "./storage";

export type Theme = "auto" | "light" | "dark";

const elder = ref(getStored("elder") === "true");
const theme = ref((getStored("theme") as Theme | null) ?? "auto");
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(prefersDark.matches);
prefersDark.addEventListener("change", (event) => (systemDark.value = event.matches));

watchEffect(() => {
  setStored("elder", String(elder.value));
  setStored("theme", theme.value);
  const { dataset } = document.documentElement;
  if (elder.value) dataset.elder = "true";
  else delete dataset.elder;
  dataset.theme = theme.value === "auto" ? (systemDark.value ? "dark" : "light") : theme.value;
});

/** 长辈模式 and colours of this phone; on `<html>` as `data-elder` (only when on) and `data-theme` (light or dark). */
export function useSettings(): { elder: Ref<boolean>; theme: Ref<Theme> } {
  return { elder, theme };
}
