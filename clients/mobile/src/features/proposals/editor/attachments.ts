/** Files on their way to a proposal: they go on when the step or page that chose them is left. */
import { errorText } from "@lvyi/shared";
import { computed, reactive, ref, type Ref } from "vue";
import { attachFile } from "@/features/proposals/proposals";
import { upload } from "@/offline/upload";
import { useReadiness } from "@/offline/readiness";

export interface Sending {
  id: number;
  file: File;
  share: number;
  trouble: string;
}

const queues = new Map<number, Ref<Sending[]>>();
let count = 0;
let running = Promise.resolve();

/** The files on their way to a proposal of mine, and what can be done with each. */
export function useAttachments(proposal: number) {
  if (!queues.has(proposal)) queues.set(proposal, ref([]));
  const queue = queues.get(proposal)!;

  function add(files: Iterable<File>): void {
    for (const file of files) {
      const sending = reactive<Sending>({ id: count++, file, share: 0, trouble: "" });
      queue.value.push(sending);
      send(sending);
    }
  }

  /** One after the other, each hung on the proposal as soon as it has arrived. */
  function send(sending: Sending): void {
    sending.trouble = "";
    running = running.then(async () => {
      try {
        const { key } = await upload(sending.file, (share) => (sending.share = share));
        await attachFile(proposal, key);
        drop(sending);
      } catch (error) {
        Object.assign(sending, { trouble: errorText(error), share: 0 });
      }
    });
  }

  function drop({ id }: Sending): void {
    queue.value = queue.value.filter((other) => other.id !== id);
  }

  const unready = computed(() => {
    const failed = queue.value.filter(({ trouble }) => trouble).length;
    return { working: queue.value.length - failed, failed };
  });

  return { queue, add, send, drop, ...useReadiness(unready, "个附件正在上传") };
}
