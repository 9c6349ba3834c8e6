/** Posts of a form: asked again after a lost answer, nothing is done twice. */
import { post } from "@lvyi/api";
import { repeatable } from "@lvyi/shared";

export function usePost<Answer>(): (path: string, body: unknown) => Promise<Answer> {
  return repeatable((key, path: string, body: unknown) => post(`/api/v1/${path}`, body, key) as Promise<Answer>);
}
