import { api, Offline, Problem, type Schemas } from "@lvyi/api";
import { uuid } from "@lvyi/shared";

const TIMEOUT = 300_000;

/** Uploads a file, telling the share that is done (0 to 1); throws `Problem` and `Offline` as the API client does. */
export async function upload(file: File, progress: (share: number) => void): Promise<Schemas["FileOut"]> {
  const key = uuid();
  try {
    return await send(file, key, progress);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    await api.GET("/api/v1/auth/me"); // renews the session, or asks to log in
    return send(file, key, progress);
  }
}

/** By `XMLHttpRequest`, because `fetch` reports no progress of uploads. */
function send(file: File, key: string, progress: (share: number) => void): Promise<Schemas["FileOut"]> {
  const form = new FormData();
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", "/api/v1/files");
  request.setRequestHeader("Idempotency-Key", key);
  request.responseType = "json";
  request.timeout = TIMEOUT;
  request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
  return new Promise((resolve, reject) => {
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Schemas["FileOut"]);
      else reject(new Problem(request.status, (request.response as object | null) ?? {}));
    };
    request.onerror = request.ontimeout = () => reject(new Offline());
    request.send(form);
  });
}
