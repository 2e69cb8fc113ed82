import { type Classified } from "@/shared/api/classify";
import { Problem } from "@/shared/api/problem";

export type Phase =
  | { kind: "queued" }
  | { kind: "uploading"; sent: number }
  | { kind: "waiting" }
  | { kind: "retrying"; waitMs: number }
  | ({ kind: "done" } & Classified)
  | { kind: "failed"; problem: Problem };

export interface Picture {
  readonly id: string;
  readonly file: File;
  /** Object URL of the file, released when the picture leaves the queue. */
  readonly url: string;
  readonly phase: Phase;
}

export interface QueueOptions {
  check: (file: File) => Promise<Problem | null>;
  send: (
    file: File,
    options: { signal: AbortSignal; onProgress: (sent: number) => void },
  ) => Promise<Classified>;
  maxParallel?: number;
  /** How often a busy server is asked again before the person is. */
  maxRetries?: number;
}

const busySlugs = new Set(["overloaded", "rate-limited", "not-ready"]);
const defaultWaitMs = 2_000;
const longestWaitMs = 60_000;

/**
 * The pictures on the page and what happens to each. Pictures never affect one another: each has its own phase,
 * its own retries and its own cancellation. Made for `useSyncExternalStore`.
 */
export class ClassifyQueue {
  #pictures: readonly Picture[] = [];
  #listeners = new Set<() => void>();
  #running = new Map<string, AbortController>();
  #nextId = 1;
  readonly #options: Required<QueueOptions>;

  constructor(options: QueueOptions) {
    this.#options = { maxParallel: 2, maxRetries: 4, ...options };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): readonly Picture[] => this.#pictures;

  /** New pictures go on top, where the person who chose them looks. */
  add = (files: readonly File[]): void => {
    this.#set([...files.map((file) => this.#create(file)), ...this.#pictures]);
    this.#startNext();
  };

  /** Other files in the place of one that cannot be checked. Returns the ids of the new pictures. */
  replace = (id: string, files: readonly File[]): string[] => {
    const added = files.map((file) => this.#create(file));
    this.#set(this.#pictures.flatMap((one) => (one.id === id ? [one, ...added] : [one])));
    this.remove(id);
    this.#startNext();
    return added.map((picture) => picture.id);
  };

  retry = (id: string): void => {
    this.#setPhase(id, { kind: "queued" });
    this.#startNext();
  };

  remove = (id: string): void => {
    const picture = this.#pictures.find((one) => one.id === id);
    if (!picture) return;
    this.#set(this.#pictures.filter((one) => one !== picture));
    this.#running.get(id)?.abort();
    URL.revokeObjectURL(picture.url);
  };

  clear = (): void => {
    for (const { id } of this.#pictures) this.remove(id);
  };

  #create(file: File): Picture {
    const id = `picture-${this.#nextId++}`;
    return { id, file, url: URL.createObjectURL(file), phase: { kind: "queued" } };
  }

  #startNext(): void {
    for (const { id, phase } of this.#pictures) {
      if (this.#running.size >= this.#options.maxParallel) return;
      if (phase.kind === "queued" && !this.#running.has(id)) void this.#run(id);
    }
  }

  async #run(id: string): Promise<void> {
    const picture = this.#pictures.find((one) => one.id === id);
    if (!picture) return;
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const problem = await this.#options.check(picture.file);
      if (problem) throw problem;
      controller.signal.throwIfAborted();
      const classified = await this.#sendPatiently(picture, controller.signal);
      this.#setPhase(id, { kind: "done", ...classified });
    } catch (error) {
      if (!controller.signal.aborted) this.#setPhase(id, { kind: "failed", problem: asProblem(error) });
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  /** Sends the file; while the server says it is busy, waits as long as it asks and tries again. */
  async #sendPatiently({ id, file }: Picture, signal: AbortSignal): Promise<Classified> {
    for (let retries = 0; ; retries++) {
      this.#setPhase(id, { kind: "uploading", sent: 0 });
      try {
        return await this.#options.send(file, {
          signal,
          onProgress: (sent) => {
            this.#setPhase(id, sent < 1 ? { kind: "uploading", sent } : { kind: "waiting" });
          },
        });
      } catch (error) {
        if (!isBusy(error) || retries >= this.#options.maxRetries) throw error;
        const waitMs = Math.min(error.info.retryAfterMs ?? defaultWaitMs, longestWaitMs);
        this.#setPhase(id, { kind: "retrying", waitMs });
        await sleep(waitMs, signal);
      }
    }
  }

  #setPhase(id: string, phase: Phase): void {
    this.#set(this.#pictures.map((one) => (one.id === id ? { ...one, phase } : one)));
  }

  #set(pictures: readonly Picture[]): void {
    this.#pictures = pictures;
    for (const listener of this.#listeners) listener();
  }
}

function isBusy(error: unknown): error is Problem {
  return error instanceof Problem && busySlugs.has(error.slug);
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("other");
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      clearTimeout(timer);
      reject(new DOMException("Cancelled while waiting.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      resolve();
    }, ms);
    signal.addEventListener("abort", cancel, { once: true });
  });
}
