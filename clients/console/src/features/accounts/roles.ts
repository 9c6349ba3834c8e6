/** Roles that the security administrator grants. */
import { WORKPLACES } from "@lvyi/shared";
import { computed } from "vue";
import { choicesOf, useCodes } from "~/list/codes";

/** As choices; a past one is never granted. */
export function useRoles() {
  const { data: codes } = useCodes();
  return computed(() => choicesOf(codes.value?.roles).filter(({ value }) => WORKPLACES[value as keyof typeof WORKPLACES] !== "past"));
}
