import { apiBase } from "./client";
import { Problem, problemFromReply } from "./problem";
import type { paths } from "./schema";
import type { Verdict } from "./types";

const path = "/v1/classify" satisfies keyof paths;

export interface Classified {
  verdict: Verdict;
  requestId: string | undefined;
}

interface ClassifyOptions {
  signal: AbortSignal;
  /** The part of the upload that is done, from 0 to 1. */
  onProgress: (sent: number) => void;
}

/**
 * Sends the file's own bytes: a copy drawn anew by the browser would lose the traces the detector looks for.
 * XMLHttpRequest, because fetch reports no upload progress.
 */
export function classifyFile(file: File, { signal, onProgress }: ClassifyOptions): Promise<Classified> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => {
      request.abort();
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    };

    request.open("POST", apiBase + path);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.upload.onload = () => {
      onProgress(1);
    };
    request.onloadend = () => {
      signal.removeEventListener("abort", abort);
    };
    request.onerror = () => {
      reject(new Problem("network"));
    };
    request.onload = () => {
      const body = parseJson(request.responseText);
      const header = (name: string): string | null => request.getResponseHeader(name);
      if (request.status === 200 && body !== undefined) {
        resolve({ verdict: body as Verdict, requestId: header("x-request-id") ?? undefined });
      } else {
        reject(problemFromReply({ status: request.status, body, header }));
      }
    };

    signal.addEventListener("abort", abort);
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
