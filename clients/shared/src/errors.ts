import { Offline, Problem } from "@lvyi/api";

import { messages } from "./zh-CN";

/** An error whose message is a sentence for the user. */
export class UserError extends Error {
  override name = "UserError";
}

/** One plain Chinese sentence for whatever was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof Offline) return messages.error.offline;
  if (error instanceof Problem) return fromProblem(error);
  return messages.error.unexpected;
}

function fromProblem(problem: Problem): string {
  const [first] = problem.errors;
  if (first) return `${problem.detail.split("，")[0]}：${first.detail.replace(/。$/, "")}。`;
  if (problem.detail) return problem.detail;
  const { error } = messages;
  const byStatus: Record<number, string> = {
    401: error.signedOut,
    403: error.forbidden,
    404: error.notFound,
    413: error.tooLarge,
    429: error.tooMany,
  };
  return byStatus[problem.status] ?? (problem.status >= 500 ? error.server : error.refused);
}

/** Whether the server would answer the same again: not allowed, not there, not understood. */
export function isFinal(error: unknown): boolean {
  return error instanceof Problem && !isTransient(error);
}

/** Whether the same request may succeed later without a change: no answer, no session, too many, server trouble. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Offline) return true;
  return error instanceof Problem && ([401, 408, 425, 429].includes(error.status) || error.status >= 500);
}
