import { Told } from "./say";
import { messages } from "./zh-CN";

const LONGEST = 1600;

/** A photo as JPEG within 1600 × 1600 pixels, upright, without its metadata; `Told` when it cannot be opened. */
export async function compressPicture(file: Blob): Promise<Blob> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { width, height } = fit(image.naturalWidth, image.naturalHeight);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#fff"; // JPEG knows no transparency
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0, width, height); // browsers turn it upright
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob) throw new Told(messages.error.picture);
    return blob;
  } catch {
    throw new Told(messages.error.picture);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The size of a picture shrunk, never stretched, to `LONGEST`. */
export function fit(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
