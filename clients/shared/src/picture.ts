import { UserError } from "./errors";
import { messages } from "./zh-CN";

const LONGEST = 1600;
/** So wide a long screenshot stays: its words are read. */
const READABLE = 1080;
/** More than this no canvas of an iPhone holds. */
const MOST_PIXELS = 16_000_000;
const HEIC = /^ftyp(hei[cxms]|hev[cx]|mif1|msf1)/;

/**
 * A photo as JPEG of bounded size, upright, without its metadata. HEIC that this browser cannot open stays as it is:
 * the server can. `UserError` for all else that cannot be opened.
 */
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
    if (!blob) throw new UserError(messages.error.picture);
    return blob;
  } catch {
    if (HEIC.test(await file.slice(4, 12).text())) return file;
    throw new UserError(messages.error.picture);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The size of a picture shrunk, never stretched, to `LONGEST`; a long one keeps `READABLE` across. */
export function fit(width: number, height: number): { width: number; height: number } {
  const within = Math.max(LONGEST / Math.max(width, height), READABLE / Math.min(width, height));
  const scale = Math.min(1, within, Math.sqrt(MOST_PIXELS / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}
