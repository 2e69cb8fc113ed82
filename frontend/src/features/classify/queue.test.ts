import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Classified } from "@/shared/api/classify";
import { Problem } from "@/shared/api/problem";
import { makeVerdict } from "@/shared/testing/verdicts";
import { ClassifyQueue, type QueueOptions } from "./queue";

const classified: Classified = { verdict: makeVerdict(), requestId: "abc" };
const revoke = vi.fn<(url: string) => void>();
const file = (name: string) => new File(["x"], name);

beforeEach(() => {
  vi.useFakeTimers();
  let count = 0;
  URL.createObjectURL = vi.fn(() => `blob:${++count}`);
  revoke.mockReset();
  URL.revokeObjectURL = revoke;
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose sends the test answers by hand. */
function setUp(options: Partial<QueueOptions> = {}) {
  const sends: {
    name: string;
    signal: AbortSignal;
    onProgress: (sent: number) => void;
    resolve: (value: Classified) => void;
    reject: (reason: unknown) => void;
  }[] = [];
  const queue = new ClassifyQueue({
    check: () => Promise.resolve(null),
    send: (sent, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        sends.push({ name: sent.name, signal, onProgress, resolve, reject });
      }),
    ...options,
  });
  const send = (index: number) => {
    const found = sends[index];
    if (!found) throw new Error(`Only ${sends.length} files were sent.`);
    return found;
  };
  const phases = () => queue.getSnapshot().map(({ file: { name }, phase }) => `${name} ${phase.kind}`);
  return { queue, sends, send, phases };
}

const turn = () => vi.advanceTimersByTimeAsync(0);

test("two files are sent at a time, the next as soon as one is done", async () => {
  const { queue, sends, send, phases } = setUp();
  queue.add([file("a"), file("b"), file("c")]);
  await turn();
  expect(sends.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(phases()).toEqual(["a uploading", "b uploading", "c queued"]);
  send(1).resolve(classified);
  await turn();
  expect(phases()).toEqual(["a uploading", "b done", "c uploading"]);
});

test("new pictures go on top", () => {
  const { queue, phases } = setUp();
  queue.add([file("a")]);
  queue.add([file("b"), file("c")]);
  expect(phases()).toEqual(["b queued", "c queued", "a queued"]);
});

test("a file on its way shows how much is sent, then waits for the verdict", async () => {
  const { queue, send } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).onProgress(0.25);
  expect(queue.getSnapshot()[0]?.phase).toEqual({ kind: "uploading", sent: 0.25 });
  send(0).onProgress(1);
  expect(queue.getSnapshot()[0]?.phase).toEqual({ kind: "waiting" });
});

test("a file against the rules is not sent, and the others are", async () => {
  const check = (checked: File) =>
    Promise.resolve(checked.name === "bad" ? new Problem("too-many-bytes") : null);
  const { queue, sends, phases } = setUp({ check });
  queue.add([file("bad"), file("good")]);
  await turn();
  expect(sends.map(({ name }) => name)).toEqual(["good"]);
  expect(phases()).toEqual(["bad failed", "good uploading"]);
});

test("a busy server is asked again after the time it names, and then a few times more", async () => {
  const { queue, sends, send, phases } = setUp({ maxRetries: 2 });
  const busy = new Problem("overloaded", { retryAfterMs: 3000 });
  queue.add([file("a")]);
  await turn();
  send(0).reject(busy);
  await turn();
  expect(queue.getSnapshot()[0]?.phase).toEqual({ kind: "retrying", waitMs: 3000 });
  await vi.advanceTimersByTimeAsync(2999);
  expect(sends).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sends).toHaveLength(2);
  send(1).reject(busy);
  await vi.advanceTimersByTimeAsync(3000);
  send(2).reject(busy);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sends).toHaveLength(3);
  expect(phases()).toEqual(["a failed"]);
});

test("other problems are not retried by themselves, but on demand", async () => {
  const { queue, sends, send, phases } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).reject(new Problem("network"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sends).toHaveLength(1);
  queue.retry(queue.getSnapshot()[0]?.id ?? "");
  await turn();
  send(1).resolve(classified);
  await turn();
  expect(phases()).toEqual(["a done"]);
});

test("a removed picture is cancelled, its memory is released, and the next one starts", async () => {
  const { queue, sends, send, phases } = setUp({ maxParallel: 1 });
  queue.add([file("a"), file("b")]);
  await turn();
  queue.remove(queue.getSnapshot()[0]?.id ?? "");
  expect(send(0).signal.aborted).toBe(true);
  expect(revoke).toHaveBeenCalledWith("blob:1");
  send(0).reject(new DOMException("cancelled", "AbortError"));
  await turn();
  expect(sends.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(phases()).toEqual(["b uploading"]);
});

test("a picture removed while it waits for a busy server frees its place at once", async () => {
  const { queue, sends, send } = setUp({ maxParallel: 1 });
  queue.add([file("a"), file("b")]);
  await turn();
  send(0).reject(new Problem("rate-limited", { retryAfterMs: 50_000 }));
  await turn();
  queue.remove(queue.getSnapshot()[0]?.id ?? "");
  await turn();
  expect(sends.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("a picture removed before its file was read is never sent", async () => {
  const { queue, sends } = setUp();
  queue.add([file("a")]);
  queue.clear();
  await turn();
  expect(sends).toHaveLength(0);
});

test("clearing removes everything and releases every object URL", async () => {
  const { queue, phases } = setUp();
  queue.add([file("a"), file("b"), file("c")]);
  await turn();
  queue.clear();
  expect(phases()).toEqual([]);
  expect(revoke).toHaveBeenCalledTimes(3);
});

test("a replaced picture gives its place to the new ones", async () => {
  const { queue, phases } = setUp();
  queue.add([file("a"), file("bad"), file("c")]);
  await turn();
  const ids = queue.replace(queue.getSnapshot()[1]?.id ?? "", [file("new")]);
  await turn();
  expect(phases().map((one) => one.split(" ")[0])).toEqual(["a", "new", "c"]);
  expect(queue.getSnapshot()[1]?.id).toBe(ids[0]);
});
