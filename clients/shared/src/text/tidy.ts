/** Cleans what people paste and keyboards send, as the server requires it. */

/** Line ends of other programs: Word's soft break, a page break, those of old systems. */
const BREAKS = /\r\n?|[\v\f\x85\u2028\u2029]/g;
/** What nobody sees and the server refuses: control, zero-width and direction characters, halves of a pair. */
const UNSEEN = /[\0-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Cs}/gu;
/** Tested on one character: Chromium 156 does not find one of two units by a class that stands before `$`. */
const PICTURE = /^\p{Extended_Pictographic}/u;
const TINT = /^(?:\ufe0f|[\u{1f3fb}-\u{1f3ff}])/u;

/** A text without characters that nobody sees; a joiner stays where it makes one picture of two, as in 👩‍⚕️. */
export function tidy(text: string, oneLine = false): string {
  const seen = text.replace(BREAKS, "\n").replace(UNSEEN, (character, at: number, all: string) => {
    if (character !== "\u200d") return "";
    const before = [...all.slice(Math.max(0, at - 2), at)].pop() ?? "";
    const joins = (PICTURE.test(before) || TINT.test(before)) && PICTURE.test(all.slice(at + 1, at + 3));
    return joins ? character : "";
  });
  return oneLine ? seen.replace(/[\n\t]+/g, "") : seen;
}

/** Tidies every text among the fields of an object, in place. */
export function tidyTexts(fields: object): void {
  for (const [name, text] of Object.entries(fields)) {
    if (typeof text === "string" && tidy(text) !== text) (fields as Record<string, unknown>)[name] = tidy(text);
  }
}
