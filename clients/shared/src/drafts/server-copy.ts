import { Problem } from "@lvyi/api";
import { shallowRef, watch } from "vue";

import { useOnline } from "../network/online";
import { isTransient, errorText } from "../errors";
import { useSession } from "../session";
import { plain, same } from "../idb";
import type { Conflict } from "./conflict";
import { picturesOf, wordsOf, type Draft } from "./on-phone";
import type { DraftState, OnServer } from "./types";

const PUSH_AFTER = 3_000;
const RETRY_AFTER = 15_000;

interface Page<T> {
  value: T;
  show: (value: T) => void;
  /** It was sent or deleted on another phone. */
  gone: () => Promise<void>;
  onConflict: (conflict: Conflict<T>) => void;
  write: () => Promise<boolean>;
  tell: (state: DraftState, sentence?: string) => void;
}

/** The server's copy of one open draft. */
export class ServerCopy<T extends object> {
  readonly conflict = shallowRef<Conflict<T> | null>(null);
  private theirs: { version: number } | null = null;
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
    const [had, text] = [this.draft.version ?? 0, this.draft.text];
    const saved = await this.server.get();
    if (saved && this.draft.text !== text && this.server.text?.(saved) === text) return; // it was emptied or sent meanwhile
    if (!saved) {
      if (this.draft.dirty) await this.push();
      else if (had) await this.page.gone();
      return;
    }
    const isSame = !this.server.text || this.server.text(saved) === this.draft.text;
    if (isSame && saved.version < had) return void this.push(); // an old answer out of a cache
    if (!this.draft.dirty || this.says(saved, this.page.value)) {
      this.page.show(this.server.value(saved));
      await this.agree(saved);
    } else if (isSame && had === saved.version) await this.push();
    else this.disagree(saved);
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
    if (!this.theirs) return;
    this.draft.version = this.theirs.version;
    this.conflict.value = null;
    await this.push();
  }

  async keepTheirs(): Promise<void> {
    if (!this.conflict.value || !this.theirs) return;
    this.page.show(this.conflict.value.theirs);
    this.conflict.value = null;
    await this.agree(this.theirs);
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
      if (this.draft.version === null) {
        this.draft.version = 0; // from here on the server may have it
        await this.page.write();
      }
      return await this.settle(value, await this.server.put(value, this.draft.version));
    } catch (error) {
      const current = error instanceof Problem && error.status === 412 && (error.current as { version: number } | null);
      if (current) {
        if (this.says(current, value)) return this.settle(value, current); // the answer to my own save was lost
        this.disagree(current);
      } else if (isTransient(error)) {
        this.page.tell("onPhone");
        const seconds = error instanceof Problem ? error.retryAfter : null;
        if (!this.isClosed) this.pushSoon(seconds === null ? RETRY_AFTER : seconds * 1000);
      } else this.page.tell("failed", errorText(error));
      return false;
    }
  }

  /** The server has `value`; what was typed since is saved next. */
  private async settle(value: T, saved: { version: number }): Promise<boolean> {
    const savedFields = (text: T) => Object.keys(this.server.value(saved)).map((field) => (text as Record<string, unknown>)[field]);
    if (same(savedFields(value), savedFields(this.page.value))) {
      await this.agree(saved);
      return true;
    }
    this.draft.version = saved.version;
    this.pushSoon();
    return false;
  }

  private says(saved: { version: number }, value: T): boolean {
    const theirs = this.server.value(saved);
    return same(wordsOf({ ...value, ...theirs }), wordsOf(value));
  }

  private async agree(saved: { version: number }): Promise<void> {
    const pictures = this.server.pictures?.(saved) ?? 0;
    Object.assign(this.draft, {
      version: saved.version,
      text: this.server.text?.(saved) ?? this.draft.text,
      elsewhere: Math.max(0, pictures - picturesOf(this.page.value).length),
      dirty: false,
    });
    await this.page.write();
    if (!this.draft.dirty) this.page.tell("saved");
  }

  private disagree(saved: { version: number }): void {
    this.theirs = saved;
    const mine = plain(this.page.value);
    this.conflict.value = { mine, theirs: { ...mine, ...this.server.value(saved) } };
    this.page.tell("onPhone");
    this.page.onConflict(this.conflict.value);
  }
}
