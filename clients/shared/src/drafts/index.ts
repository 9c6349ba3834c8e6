export type { Conflict } from "./conflict";
export { useDraft } from "./draft";
export { useDrafts, type Listed } from "./list";
export { syncDrafts } from "./own-copy";
export { without } from "../idb";
export type { DraftOptions, DraftState, OpenDraft, OnServer } from "./types";
