import { Problem } from "@lvyi/api";
import { shallowRef, watch } from "vue";

import type { DraftState } from "./draft";
import type { Draft } from "./drafts";
import { useOnline } from "./online";
import { isPassing, say } from "./say";
import { useSession } from "./session";
import { plain, same } from "./shelf";

const PUSH_AFTER = 3_000;
const RETRY_AFTER = 15_000;

/** Where the server keeps a text, with a version that rises with each save. */
export interface OnServer<T, Saved extends { version: number } = any> { // eslint-disable-line @typescript-eslint/no-explicit-any -- each kind of text has its own
  get: () => Promise<Saved>;
  /** Saves over `version`; 412 carries the present one as `current`. */
  put: (value: T, version: number) => Promise<Saved>;
  /** The part of an answer that is edited. */
  value: (saved: Saved) => T;
}

/** My text and the one that was saved elsewhere meanwhile. */
export interface Conflict<T> {
  mine: T;
  theirs: T;
}

interface Page<T> {
  value: T;
  show: (value: T) => void;
  write: () => Promise<boolean>;
  tell: (state: DraftState, sentence?: string) => void;
}

/** The server's copy of one open draft. */
export class ServerCopy<T extends object> {
  readonly conflict = shallowRef<Conflict<T> | null>(null);
  private theirVersion = 0;
  private timer = 0;
  private pushing: Promise<boolean> | null = null;
  private isClosed = false;
  private readonly online = useOnline();
  private readonly unwatch = watch([this.online, useSession().signedIn], () => {
    if (this.isReachable()) void this.push();
  });

  constructor(
    private readonly server: OnServer<T>,
    private readonly draft: Draft<T>,
    private readonly page: Page<T>,
  ) {}

  /** Reads the server's text and settles which of the two is shown. */
  async meet(): Promise<void> {
    const saved = await this.server.get();
    if (saved.version < (this.draft.version ?? 0)) return void this.push(); // an old answer out of a cache
    const theirs = this.server.value(saved);
    if (!this.draft.dirty || same(theirs, this.page.value)) {
      this.page.show(theirs);
      await this.agree(saved.version);
    } else if (this.draft.version === saved.version) await this.push();
    else this.disagree(theirs, saved.version);
  }

  /** Whether a save may succeed now. */
  isReachable(): boolean {
    return this.online.value && !this.conflict.value;
  }

  pushSoon(after = PUSH_AFTER): void {
    if (!this.timer) this.timer = window.setTimeout(() => void this.push(), after);
  }

  /** Saves what is dirty; whether the server then has everything. */
  async push(): Promise<boolean> {
    clearTimeout(this.timer);
    this.timer = 0;
    await this.pushing;
    if (this.isClosed || this.conflict.value) return false;
    if (!this.draft.dirty) return true;
    this.pushing ??= this.put().finally(() => (this.pushing = null));
    return this.pushing;
  }

  async keepMine(): Promise<void> {
    this.draft.version = this.theirVersion;
    this.conflict.value = null;
    await this.push();
  }

  async keepTheirs(): Promise<void> {
    if (!this.conflict.value) return;
    this.page.show(this.conflict.value.theirs);
    this.conflict.value = null;
    await this.agree(this.theirVersion);
  }

  /** The page is left: what is dirty is still saved. */
  leave(): void {
    this.unwatch();
    void this.push().finally(() => this.close());
  }

  /** Nothing is saved any more. */
  close(): void {
    this.isClosed = true;
    this.unwatch();
    clearTimeout(this.timer);
  }

  private async put(): Promise<boolean> {
    const value = plain(this.page.value);
    this.page.tell("saving");
    try {
      const saved = await this.server.put(value, this.draft.version ?? 0);
      return await this.settle(value, saved.version);
    } catch (error) {
      if (error instanceof Problem && error.status === 412) {
        const current = error.current as { version: number };
        const theirs = this.server.value(current);
        if (same(theirs, value)) return this.settle(value, current.version); // the answer to my own save was lost
        this.disagree(theirs, current.version);
      } else if (isPassing(error)) {
        this.page.tell("pending");
        const seconds = error instanceof Problem ? error.retryAfter : null;
        if (!this.isClosed) this.pushSoon(seconds === null ? RETRY_AFTER : seconds * 1000);
      } else this.page.tell("failed", say(error));
      return false;
    }
  }

  /** The server has `value`; what was typed since is saved next. */
  private async settle(value: T, version: number): Promise<boolean> {
    if (same(value, this.page.value)) {
      await this.agree(version);
      return true;
    }
    this.draft.version = version;
    this.pushSoon();
    return false;
  }

  private async agree(version: number): Promise<void> {
    Object.assign(this.draft, { version, dirty: false });
    await this.page.write();
    if (!this.draft.dirty) this.page.tell("saved");
  }

  private disagree(theirs: T, version: number): void {
    this.theirVersion = version;
    this.conflict.value = { mine: plain(this.page.value), theirs };
    this.page.tell("pending");
  }
}
