/** Forms of a few fields, described as data: what each asks, and what the API says of it when it refuses. */
import { Problem, type Schemas } from "@lvyi/api";
import type { Choice } from "~/list/filters";

export interface Field {
  /** The API's name of it. */
  key: string;
  label: string;
  kind?: "text" | "tel" | "date" | "number" | "password" | "area" | "choice" | "choices" | "check" | "seek" | "seeks" | "files";
  choices?: Choice[] | undefined;
  /** Of `seek`: what matches some letters of a name. */
  find?: (typed: string) => Promise<Choice[]>;
  needed?: boolean;
  /** Of a choice: what none of them means. */
  blank?: string;
  hint?: string;
  maxLength?: number;
  /** Of an area: how high it is. */
  rows?: number;
  /** Shown only while this holds of the other values. */
  when?: (values: Values) => boolean;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a form holds what its fields ask for
export type Values = Record<string, any>;

/** What a form sends: blanks are null, fields that are not shown are left out. */
export function entered(fields: Field[], values: Values): Values {
  const shown = fields.filter(({ when }) => !when || when(values));
  return Object.fromEntries(shown.map((field) => [field.key, valueOf(field, values[field.key])]));
}

function valueOf({ kind }: Field, value: unknown): unknown {
  if (kind === "choices") return value ?? [];
  if (kind === "seeks") return ((value as Choice[] | undefined) ?? []).map((one) => Number(one.value));
  if (kind === "files") return ((value as Schemas["FileOut"][] | undefined) ?? []).map(({ key }) => key);
  if (kind === "seek") return value ? Number((value as Choice).value) : null;
  if (kind === "check") return Boolean(value);
  if (kind === "number") return value === "" || value === null || value === undefined ? null : Number(value);
  return typeof value === "string" ? value.trim() || null : (value ?? null);
}

/** The fields that are needed and still blank. */
export function missing(fields: Field[], values: Values): Field[] {
  const sent = entered(fields, values);
  return fields.filter(({ key, needed }) => needed && key in sent && (sent[key] === null || (Array.isArray(sent[key]) && !sent[key].length)));
}

/** Only what differs from before: what a PATCH sends. */
export function changed(before: Values, after: Values): Values {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key] ?? null)));
}

/** What the API says of each field, by its name; what it says of none of them is told above the button. */
export function fieldErrors(error: unknown, keys: string[]): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  const errors: Record<string, string> = {};
  for (const { field, detail } of error.errors) {
    const key = keys.find((one) => field.split(".").includes(one) || field.endsWith(one));
    if (key) errors[key] ??= detail;
  }
  return errors;
}
