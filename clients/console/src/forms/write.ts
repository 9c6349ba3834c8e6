/** Posts of a form: asked again after a lost answer, nothing is done twice. */
import { post, Problem } from "@lvyi/api";
import { uuid } from "@lvyi/shared";

export function usePost<Answer>(): (path: string, body: unknown) => Promise<Answer> {
  let key = uuid();
  return async (path, body) => {
    try {
      const answer = (await post(`/api/v1/${path}`, body, key)) as Answer;
      key = uuid();
      return answer;
    } catch (error) {
      if (error instanceof Problem) key = uuid(); // it was answered: the next try is another one
      throw error;
    }
  };
}
