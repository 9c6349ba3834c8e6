/** What came of an act in numbers (people, money, hours …), as members type it: in units, by measure. */
import type { Schemas } from "@lvyi/api";
import { UserError } from "@lvyi/shared";
import { computed } from "vue";
import { useChoices } from "@/features/choices";

export type Typed = Record<string, string | number>;
type Offered = Schemas["MeasureChoice"][];

/** What acts may say came of them: `per_unit` of an amount make one unit. */
export function useMeasures(of: (measure: Offered[number]) => boolean = () => true) {
  const { data } = useChoices();
  return computed(() => (data.value?.outside_measures ?? []).filter(of));
}

/** Amounts of what was typed, as far as it is offered; `UserError` while the units are not known. */
export function amountsOf(typed: Typed, offered: Offered, isUnknown = !offered.length): Record<string, number> {
  if (isUnknown && Object.values(typed).some(Boolean)) throw new UserError("成效的单位还没有读到，请联网后再提交。");
  const said = offered.filter(({ code }) => typed[code]);
  return Object.fromEntries(said.map(({ code, per_unit }) => [code, Math.round(Number(typed[code]) * per_unit)]));
}

/** What had been typed, of what is kept. */
export function typedOf(said: Schemas["DutyMeasureOut"][]): Typed {
  return Object.fromEntries(said.map(({ measure, text }) => [measure, text.replace(/[^\d.]/g, "")]));
}
