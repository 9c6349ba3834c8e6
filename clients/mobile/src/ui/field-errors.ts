/** What is wrong with a field, in our own words: browsers say it in the language of the phone. */
import { day, today } from "@lvyi/shared";
import { toast } from "@lvyi/shared/ui";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A sentence for the first fault of a field. */
export function fieldError(field: Pick<HTMLInputElement, "type" | "min" | "max" | "minLength" | "validity">): string {
  const { type, min, max, minLength, validity } = field;
  const isDate = type === "date";
  const named = (on: string) => (on === today() ? "今天" : day(on));
  if (validity.badInput) return isDate ? "日期不完整，请重新选择。" : "请填写数字。";
  if (validity.valueMissing) return isDate ? "请选择日期。" : "这一项还没有填写。";
  if (validity.rangeOverflow) return isDate ? `日期不能晚于${named(max)}。` : `最多填 ${max}。`;
  if (validity.rangeUnderflow) return isDate ? `日期不能早于${named(min)}。` : `至少填 ${min}。`;
  if (validity.stepMismatch) return "请填写整数。";
  if (validity.tooShort) return `至少要写 ${minLength} 个字。`;
  return "这一项填写得不对，请再看一看。";
}

/** Says the first fault of a form that was sent, and leads to its field. */
export function showFieldErrors(): void {
  const onInvalid = (event: Event) => {
    event.preventDefault(); // no bubble of the browser's
    const field = event.target as Field;
    const first = [...(field.form?.elements ?? [])].find((one) => "validity" in one && !(one as Field).validity.valid);
    if (first && first !== field) return;
    toast(fieldError(field as HTMLInputElement));
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" }); // not under the head of the page
  };
  addEventListener("invalid", onInvalid, true);
}
