import { type Classified } from "@/shared/api/classify";
import { isBusy, Problem } from "@/shared/api/problem";
import { nothingSkipped, selectFiles, type Skipped } from "./file-rules";
import { isPermanent } from "./permanent-problems";

export type Phase =
  | { kind: "queued" }
  | { kind: "uploading"; sent: number }
  | { kind: "waiting" }
  | ({ kind: "done" } & Classified)
  | { kind: "failed"; problem: Problem };

export interface Picture {
  readonly id: string;
  readonly file: File;
  readonly phase: Phase;
}

/** Whether a picture failed in a way that may work another time. */
export function canRetry(phase: Phase): boolean {
  return phase.kind === "failed" && !isPermanent(phase.problem.slug);
}

/** Why nothing is sent for a while: the server is busy or gone, and when it is asked again. */
export interface Hold {
  readonly problem: Problem;
  /** How long the wait was when it began, in milliseconds. */
  readonly waitMs: number;
  /** When it ends, on the clock of `Date.now()`. */
  readonly until: number;
}

export interface QueueState {
  readonly pictures: readonly Picture[];
  /** Whether the person has stopped new pictures from being sent. */
  readonly paused: boolean;
  readonly hold: Hold | null;
  /** What was left out of the files that came last. */
  readonly skipped: Skipped;
}

export interface QueueOptions {
  check: (file: File) => Promise<Problem | null>;
  send: (
    file: File,
    options: { signal: AbortSignal; onProgress: (sent: number) => void },
  ) => Promise<Classified>;
  maxParallel?: number;
  maxPictures?: number;
}

/** Up to here a person looks at each picture; above, at a list. */
export const few = 4;

const goneSlugs = new Set(["network", "backend-unreachable", "backend-timeout"]);
const firstWaitMs = 2_000;
const longestOwnWaitMs = 30_000;
const longestWaitMs = 3_600_000;
/** How long a server that gives no verdict, gone or busy, is asked again before the person is. */
const patienceMs = 600_000;
/** A picture that fails this often while others succeed is the trouble itself. */
const maxStrikes = 3;

/**
 * The pictures on the page and what happens to each. A picture that cannot be checked never costs the others; a
 * server that is busy or gone holds all of them, as long as it asks or in growing steps, and then they go on by
 * themselves. Made for `useSyncExternalStore`.
 */
export class ClassifyQueue {
  #state: QueueState = { pictures: [], paused: false, hold: null, skipped: nothingSkipped };
  #listeners = new Set<() => void>();
  #running = new Map<string, AbortController>();
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  /** Begins with a failed try and ends with the next verdict, whichever picture gets it. */
  #trouble: { since: number; tries: number } | null = null;
  /** How often a picture began such a trouble. */
  #strikes = new Map<string, number>();
  #nextId = 1;
  readonly #options: Required<QueueOptions>;

  constructor(options: QueueOptions) {
    this.#options = { maxParallel: 2, maxPictures: 5_000, ...options };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): QueueState => this.#state;

  /** New pictures go on top, where the person who chose them looks. */
  add = (files: readonly File[]): void => {
    const { pictures } = this.#state;
    const { taken, skipped } = selectFiles(files, this.#options.maxPictures - pictures.length);
    this.#set({ skipped });
    this.#enqueue([...taken.map((file) => this.#create(file)), ...pictures]);
  };

  /** A folder came that the browser could not read. */
  addUnreadable = (): void => {
    this.#set({ skipped: { ...nothingSkipped, unreadable: true } });
  };

  /** Other files in the place of one that cannot be checked. Returns the ids of the new pictures. */
  replace = (id: string, files: readonly File[]): string[] => {
    const added = files.map((file) => this.#create(file));
    this.#enqueue(this.#state.pictures.flatMap((one) => (one.id === id ? added : [one])));
    return added.map((picture) => picture.id);
  };

  retry = (id: string): void => {
    this.#retryWhere((one) => one.id === id);
  };

  /** Everything that failed and may work another time. */
  retryFailed = (): void => {
    this.#retryWhere(({ phase }) => canRetry(phase));
  };

  /** Sends no further pictures; those on their way still get their verdict. */
  pause = (): void => {
    this.#set({ paused: true });
  };

  resume = (): void => {
    this.#forgive();
    this.#set({ paused: false });
    this.#startNext();
  };

  /** Ends the wait for a busy or missing server before its time. */
  askNow = (): void => {
    if (!this.#state.hold) return;
    clearTimeout(this.#holdTimer);
    this.#set({ hold: null });
    this.#startNext();
  };

  /** Gives up what has no verdict yet. The pictures stay, so that they can be checked later. */
  stop = (): void => {
    const phase: Phase = { kind: "failed", problem: new Problem("stopped") };
    const { pictures } = this.#state;
    this.#release();
    this.#set({ pictures: pictures.map((one) => (isUnfinished(one) ? { ...one, phase } : one)) });
  };

  remove = (id: string): void => {
    this.#set({ pictures: this.#state.pictures.filter((one) => one.id !== id) });
    this.#running.get(id)?.abort();
    this.#settle();
  };

  clear = (): void => {
    this.#release();
    this.#set({ pictures: [], skipped: nothingSkipped });
  };

  /** Cancels every upload and every wait. */
  #release(): void {
    this.#rest();
    for (const controller of this.#running.values()) controller.abort();
  }

  /** With nothing left to do there is nothing to pause or to wait for, and new pictures meet no old trouble. */
  #settle(): void {
    if (!this.#state.pictures.some(isUnfinished)) this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#holdTimer);
    this.#forgive();
    this.#set({ paused: false, hold: null });
  }

  #create(file: File): Picture {
    return { id: `picture-${this.#nextId++}`, file, phase: { kind: "queued" } };
  }

  #retryWhere(chosen: (picture: Picture) => boolean): void {
    this.#forgive();
    this.#enqueue(
      this.#state.pictures.map((one) => (chosen(one) ? { ...one, phase: { kind: "queued" } } : one)),
    );
  }

  /** A pause holds what is waiting already; with nothing waiting, new work is meant to begin. */
  #enqueue(pictures: readonly Picture[]): void {
    this.#set({ pictures, paused: this.#state.paused && this.#state.pictures.some(isQueued) });
    this.#startNext();
  }

  #forgive(): void {
    this.#trouble = null;
    this.#strikes.clear();
  }

  #startNext(): void {
    for (const picture of this.#state.pictures) {
      const { paused, hold } = this.#state;
      if (paused || hold || this.#running.size >= this.#options.maxParallel) return;
      if (isQueued(picture) && !this.#running.has(picture.id)) void this.#run(picture);
    }
  }

  async #run({ id, file }: Picture): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(id, controller);
    try {
      const problem = await this.#options.check(file);
      if (problem) throw problem;
      signal.throwIfAborted();
      this.#setPhase(id, { kind: "uploading", sent: 0 });
      const classified = await this.#options.send(file, {
        signal,
        onProgress: (sent) => {
          if (!signal.aborted)
            this.#setPhase(id, sent < 1 ? { kind: "uploading", sent } : { kind: "waiting" });
        },
      });
      signal.throwIfAborted();
      this.#trouble = null;
      this.#setPhase(id, { kind: "done", ...classified });
    } catch (error) {
      if (!signal.aborted) this.#fail(id, error instanceof Problem ? error : new Problem("other"));
    } finally {
      this.#running.delete(id);
      this.#settle();
      this.#startNext();
    }
  }

  #fail(id: string, problem: Problem): void {
    const gone = goneSlugs.has(problem.slug);
    if (!gone && !isBusy(problem)) {
      this.#setPhase(id, { kind: "failed", problem });
      return;
    }
    if (gone && !this.#trouble) this.#strikes.set(id, (this.#strikes.get(id) ?? 0) + 1);
    if ((this.#strikes.get(id) ?? 0) >= maxStrikes) {
      this.#setPhase(id, { kind: "failed", problem });
      return;
    }
    this.#trouble ??= { since: Date.now(), tries: 0 };
    if (Date.now() - this.#trouble.since > patienceMs) {
      this.#setPhase(id, { kind: "failed", problem });
      if (this.#state.pictures.some(isQueued)) this.pause();
      return;
    }
    this.#setPhase(id, { kind: "queued" });
    this.#wait(problem, this.#trouble);
  }

  /** As long as the server asks; if it cannot even ask, in growing steps. */
  #wait(problem: Problem, trouble: { tries: number }): void {
    const ownWaitMs = Math.min(firstWaitMs * 2 ** trouble.tries, longestOwnWaitMs);
    const waitMs = Math.min(problem.info.retryAfterMs ?? ownWaitMs, longestWaitMs);
    const until = Date.now() + waitMs;
    // Another picture may have been told to wait already: the longer wait counts, and as one.
    if (this.#state.hold && this.#state.hold.until >= until) return;
    if (!this.#state.hold) trouble.tries++;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = setTimeout(this.askNow, waitMs);
    this.#set({ hold: { problem, waitMs, until } });
  }

  #setPhase(id: string, phase: Phase): void {
    this.#set({ pictures: this.#state.pictures.map((one) => (one.id === id ? { ...one, phase } : one)) });
  }

  #set(changes: Partial<QueueState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function isUnfinished({ phase }: Picture): boolean {
  return phase.kind !== "done" && phase.kind !== "failed";
}

function isQueued({ phase }: Picture): boolean {
  return phase.kind === "queued";
}
