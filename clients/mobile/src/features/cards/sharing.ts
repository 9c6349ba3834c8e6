/** Handing something on: by what the phone offers, else by the clipboard. */
import { toast } from "@lvyi/shared/ui";

/** Copies a text; also where the browser gives no clipboard (plain HTTP, old web views). */
export async function copy(text: string): Promise<void> {
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  toast(copied || copyByHand(text) ? "链接已复制。" : `请长按复制：${text}`);
}

function copyByHand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position:fixed;opacity:0";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

/** Offers a picture, or where only links can be shared the link; where nothing can, the link is copied. */
export async function share(title: string, link: string, picture: Blob): Promise<void> {
  const files = [new File([picture], `${title}.png`, { type: "image/png" })];
  const offer = navigator.canShare?.({ files }) ? { files, title } : { title, url: link };
  if (!navigator.share) return copy(link);
  await navigator.share(offer).catch((error: unknown) => {
    const hasLeft = error instanceof DOMException && error.name === "AbortError";
    return hasLeft ? undefined : copy(link);
  });
}
