/** A ruleset as text and as data at once: each change of the data is one of the text, whose comments and unknown keys stay. */
import { isCollection, isMap, isNode, isSeq, parseDocument, type Document, type YAMLSeq } from "yaml";

/** Names and places from the top: `["rules", 0, "points"]`. */
export type Place = (string | number)[];
export type Data = Record<string, unknown>;

/** As the server reads it (YAML 1.1), lines as long as they are. */
const READ = { version: "1.1", prettyErrors: false } as const;
const WRITTEN = { lineWidth: 0, flowCollectionPadding: false } as const;

/** What a text says; null where it cannot be read, or is no mapping. */
export function read(text: string): Data | null {
  const document = parsed(text);
  return document ? (document.toJS({ maxAliasCount: 100 }) as Data) : null;
}

function parsed(text: string): Document | null {
  try {
    const document = parseDocument(text, READ);
    return !document.errors.length && isMap(document.contents) ? document : null;
  } catch {
    return null; // values that are not what their tag says
  }
}

/** The text with one change; the same text where it cannot be read. */
function changed(text: string, change: (document: Document) => void): string {
  const document = parsed(text);
  if (!document) return text;
  change(document);
  return document.toString(WRITTEN);
}

/** Sets a value; null takes the key away. */
export function put(text: string, place: Place, value: string | number | boolean | Data | null): string {
  return changed(text, (document) => {
    if (value === null) return document.deleteIn(place);
    const above = document.getIn(place.slice(0, -1));
    if (place.length > 1 && !isCollection(above)) document.setIn(place.slice(0, -1), document.createNode({}));
    document.setIn(place, typeof value === "object" ? document.createNode(value) : value);
  });
}

/** Sets a list of codes: those that stay keep their place and comments. */
export function putCodes(text: string, place: Place, codes: string[]): string {
  return changed(text, (document) => {
    const list = document.getIn(place);
    if (!codes.length) return document.deleteIn(place);
    if (!isSeq(list)) return document.setIn(place, document.createNode(codes, { flow: true }));
    const before = list.toJSON() as unknown[];
    for (let n = before.length - 1; n >= 0; n--) if (!codes.includes(before[n] as string)) list.delete(n);
    for (const code of codes) if (!before.includes(code)) list.add(document.createNode(code));
  });
}

/** Adds a part at the end of a list, which may not be there yet. */
export function add(text: string, place: Place, part: Data): string {
  return changed(text, (document) => {
    const list = document.getIn(place);
    if (isSeq(list)) list.add(document.createNode(part));
    else document.setIn(place, document.createNode([part]));
  });
}

/** Takes a part out of its list; a list with nothing left goes too. */
export function remove(text: string, place: Place): string {
  return changed(text, (document) => {
    document.deleteIn(place);
    const list = document.getIn(place.slice(0, -1));
    if (isSeq(list) && !list.items.length) document.deleteIn(place.slice(0, -1));
  });
}

/** Moves a part of a list up (-1) or down (1), with the comments above it. */
export function move(text: string, place: Place, by: -1 | 1): string {
  return changed(text, (document) => {
    const list = document.getIn(place.slice(0, -1)) as YAMLSeq;
    const from = place[place.length - 1] as number;
    const to = from + by;
    if (to < 0 || to >= list.items.length) return;
    const first = list.items[0];
    if (isNode(first) && list.commentBefore) {
      // a comment above the first part is read as one of the whole list
      first.commentBefore = [list.commentBefore, first.commentBefore].filter(Boolean).join("\n");
      list.commentBefore = null;
    }
    [list.items[from], list.items[to]] = [list.items[to], list.items[from]];
  });
}

/** A code of one's own that no part of a list has yet. */
export function freeId(stem: string, parts: { id?: unknown }[]): string {
  const taken = new Set(parts.map(({ id }) => id));
  for (let n = parts.length + 1; ; n++) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}
