export type { Conflict } from "../conflict";
export { useDraft } from "./draft";
export { useDrafts, type Listed } from "./list";
export { syncDrafts } from "./own-copy";
export { without } from "../shelf";
export type { OnServer } from "./server-copy";
export type { DraftOptions, DraftState, OpenDraft } from "./types";
