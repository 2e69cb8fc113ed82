import { isBusy, Problem } from "@/shared/api/problem";
import type { fetchReport, Report, ReportFormat, ReportLimits, save } from "./report";
import { splitForReports } from "./report";

interface Place {
  part: number;
  parts: number;
}

export type ReportState =
  | { kind: "idle" }
  | ({ kind: "sending"; sent: number } & Place)
  | ({ kind: "making" } & Place)
  /** The server is busy and is asked again by itself. */
  | ({ kind: "waiting"; problem: Problem } & Place)
  | { kind: "saved"; name: string }
  | { kind: "failed"; problem: Problem };

const firstWaitMs = 2_000;
const longestOwnWaitMs = 30_000;
const longestWaitMs = 3_600_000;
/** How long a busy server is asked for the same part before the person is. */
const patienceMs = 600_000;

/**
 * One report at a time, in as many parts as it needs, each saved as it arrives. Made for `useSyncExternalStore`, so
 * that a report outlives a visit to another page of the app.
 */
export class Reporter {
  #state: ReportState = { kind: "idle" };
  #listeners = new Set<() => void>();
  #running: AbortController | undefined;
  readonly #options: { fetch: typeof fetchReport; save: typeof save };

  constructor(options: { fetch: typeof fetchReport; save: typeof save }) {
    this.#options = options;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): ReportState => this.#state;

  start = async (files: readonly File[], format: ReportFormat, limits: ReportLimits): Promise<void> => {
    this.#running?.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const chunks = splitForReports(files, limits);
    const parts = chunks.length;
    try {
      for (const [index, chunk] of chunks.entries()) {
        const part = index + 1;
        const report = await this.#fetchPart(chunk, format, { part, parts }, signal);
        const name = parts > 1 ? numbered(report.name, part) : report.name;
        this.#options.save({ ...report, name });
        this.#set({ kind: "saved", name });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ kind: "failed", problem: error instanceof Problem ? error : new Problem("other") });
    }
  };

  /** Gives up what is running and forgets what came out. */
  cancel = (): void => {
    this.#running?.abort();
    this.#set({ kind: "idle" });
  };

  /** Asks until the server has time for it. */
  async #fetchPart(
    files: readonly File[],
    format: ReportFormat,
    place: Place,
    signal: AbortSignal,
  ): Promise<Report> {
    let refusedAt: number | undefined;
    for (let tries = 0; ; tries++) {
      this.#set({ kind: "sending", sent: 0, ...place });
      try {
        return await this.#options.fetch(files, format, {
          signal,
          onProgress: (sent) => {
            this.#set(sent < 1 ? { kind: "sending", sent, ...place } : { kind: "making", ...place });
          },
        });
      } catch (error) {
        refusedAt ??= Date.now();
        signal.throwIfAborted();
        if (!isBusy(error) || Date.now() - refusedAt > patienceMs) throw error;
        this.#set({ kind: "waiting", problem: error, ...place });
        // Each try sends all pictures of the part again, so even a server that asks for less gets growing waits.
        const ownWaitMs = Math.min(firstWaitMs * 2 ** tries, longestOwnWaitMs);
        await wait(Math.min(Math.max(error.info.retryAfterMs ?? 0, ownWaitMs), longestWaitMs), signal);
      }
    }
  }

  #set(state: ReportState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new DOMException("The report was cancelled.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort);
  });
}

function numbered(name: string, part: number): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)}-${part}${name.slice(dot)}` : `${name}-${part}`;
}
