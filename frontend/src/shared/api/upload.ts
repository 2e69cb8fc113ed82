import { apiBase } from "./client";
import { Problem } from "./problem";
import type { paths } from "./schema";

export interface UploadOptions {
  signal: AbortSignal;
  /** The part of the upload that is done, from 0 to 1. */
  onProgress?: ((sent: number) => void) | undefined;
}

/**
 * Posts a form and waits for the whole answer, whatever its status. XMLHttpRequest, because fetch reports no upload
 * progress. Rejects with the problem `network`, or an `AbortError` when cancelled.
 */
export function upload(
  path: keyof paths | `${keyof paths}?${string}`,
  form: FormData,
  { signal, onProgress }: UploadOptions,
): Promise<{ status: number; body: Blob; header: (name: string) => string | null }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => {
      request.abort();
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    };

    request.open("POST", apiBase + path);
    request.responseType = "blob";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.upload.onload = () => {
      onProgress?.(1);
    };
    request.onloadend = () => {
      signal.removeEventListener("abort", abort);
    };
    request.onerror = () => {
      reject(new Problem("network"));
    };
    request.onload = () => {
      resolve({
        status: request.status,
        body: request.response as Blob,
        header: (name) => request.getResponseHeader(name),
      });
    };

    signal.addEventListener("abort", abort);
    request.send(form);
  });
}

/** The JSON of an answer, or undefined if it is none. */
export async function readJson(body: Blob): Promise<unknown> {
  try {
    return JSON.parse(await body.text());
  } catch {
    return undefined;
  }
}
