import { post, type Schemas } from "@lvyi/api";

import { uuid } from "../uuid";
import type { Item } from "./item";

/** How long an upload may be used: the server deletes files that belong to nothing after a day. */
const UPLOAD_LASTS = 12 * 3_600_000;

/** The keys of an item's pictures, each uploaded once; `save` is called after every upload. */
export async function uploadPictures(item: Item, save: (item: Item) => Promise<void>): Promise<string[]> {
  const keys: string[] = [];
  for (const [i, picture] of (item.pictures ?? []).entries()) {
    let upload = item.uploads[i]!;
    if (Date.now() - upload.at > UPLOAD_LASTS) upload = { id: uuid(), at: Date.now(), key: null };
    upload.key ??= (await uploadFile(picture, `${i + 1}.jpg`, upload.id)).key;
    item.uploads = item.uploads.map((other, j) => (j === i ? upload : other));
    await save(item);
    keys.push(upload.key);
  }
  return keys;
}

/** Uploads a file; the server deletes it after a day unless it belongs to something. */
export async function uploadFile(file: Blob, name: string, id: string = uuid()): Promise<Schemas["FileOut"]> {
  const form = new FormData();
  form.append("file", file, name);
  return (await post("/api/v1/files", form, id)) as Schemas["FileOut"];
}
