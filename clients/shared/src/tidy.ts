/** What people paste and their keyboards send, as the server takes it. */

/** Line ends of other programs: Word's soft break, a page break, those of old systems. */
const BREAKS = /\r\n?|[\v\f\x85\u2028\u2029]/g;
/** What nobody sees and the server refuses: control, zero-width and direction characters, halves of a pair. */
const UNSEEN = /[\0-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Cs}/gu;
const PICTURE_BEFORE = /[\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}]$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;

/** A text without characters that nobody sees; a joiner stays where it makes one picture of two, as in 👩‍⚕️. */
export function tidy(text: string, oneLine = false): string {
  const seen = text.replace(BREAKS, "\n").replace(UNSEEN, (character, at: number, all: string) => {
    const joins =
      character === "\u200d" && PICTURE_BEFORE.test(all.slice(Math.max(0, at - 2), at)) && PICTURE_AFTER.test(all.slice(at + 1, at + 3));
    return joins ? character : "";
  });
  return oneLine ? seen.replace(/[\n\t]+/g, "") : seen;
}
