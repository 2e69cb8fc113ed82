import { apiBase } from "./client";
import { Problem } from "./problem";
import type { paths } from "./schema";

export interface UploadOptions {
  signal: AbortSignal;
  /** The part of the upload that is done, from 0 to 1. */
  onProgress?: ((sent: number) => void) | undefined;
}

/** What an answer can be had as; a blob may be large, since the browser need not keep it in memory. */
interface Bodies {
  text: string;
  blob: Blob;
}

/**
 * Posts a form and waits for the whole answer, whatever its status. XMLHttpRequest, because fetch reports no upload
 * progress. Rejects with the problem `network`, or an `AbortError` when cancelled.
 */
export function upload<Kind extends keyof Bodies>(
  path: keyof paths | `${keyof paths}?${string}`,
  form: FormData,
  kind: Kind,
  { signal, onProgress }: UploadOptions,
): Promise<{ status: number; body: Bodies[Kind]; header: (name: string) => string | null }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => {
      request.abort();
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    };

    request.open("POST", apiBase + path);
    request.responseType = kind;
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
        body: request.response as Bodies[Kind],
        header: (name) => request.getResponseHeader(name),
      });
    };

    signal.addEventListener("abort", abort);
    request.send(form);
  });
}

/** The JSON of an answer, or undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
