/** An edit of what was sent: saved with a network, what was typed stays when that fails. */
import { errorText } from "@lvyi/shared";
import { toast } from "@lvyi/shared/ui";
import { ref } from "vue";
import { useBack } from "@/ui/frame/back";

/** `submit` saves once everything is `ready`, says so and goes back; else `problem` says why not. */
export function useSaving(ready: () => Promise<boolean>, save: () => Promise<unknown>) {
  const back = useBack();
  const busy = ref(false);
  const problem = ref("");

  async function submit() {
    if (!(await ready())) return;
    busy.value = true;
    problem.value = "";
    try {
      await save();
      toast("已修改。");
      back();
    } catch (error) {
      problem.value = errorText(error);
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, submit };
}
