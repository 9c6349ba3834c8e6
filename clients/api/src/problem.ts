import type { components } from "./schema";

type Document = components["schemas"]["Problem"];

/** An answer of the server that refuses: an RFC 9457 problem document. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, for programs, e.g. `topic_closed`; `http_502` when the answer was no problem document. */
  readonly code: string;
  /** One sentence for the member; empty when the server gave none. */
  readonly detail: string;
  /** What is wrong, field by field. */
  readonly errors: NonNullable<Document["errors"]>;
  /** Seconds to wait before the next try. */
  readonly retryAfter: number | null;
  /** 409: the present state. */
  readonly state: string | null;
  /** 412: the present text and version. */
  readonly current: unknown;

  constructor(status: number, document: Partial<Document> = {}, retryAfter: number | null = null) {
    super(document.detail || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = document.code ?? `http_${status}`;
    this.detail = document.detail ?? "";
    this.errors = document.errors ?? [];
    this.retryAfter = retryAfter;
    this.state = document.state ?? null;
    this.current = document.current ?? null;
  }

  static async of(response: Response): Promise<Problem> {
    const isProblem = response.headers.get("Content-Type")?.includes("problem+json");
    const document = isProblem ? ((await response.json().catch(() => ({}))) as Partial<Document>) : {};
    const seconds = Number(response.headers.get("Retry-After") ?? NaN);
    return new Problem(response.status, document, Number.isFinite(seconds) ? seconds : null);
  }
}

/** No answer came: no network, the server is away, or it took too long. */
export class Offline extends Error {
  constructor(readonly cause?: unknown) {
    super("no answer");
    this.name = "Offline";
  }
}
