import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Classified } from "@/shared/api/classify";
import { Problem } from "@/shared/api/problem";
import { makeVerdict } from "@/shared/testing/verdicts";
import { ClassifyQueue, type QueueOptions } from "./queue";

const classified: Classified = { verdict: makeVerdict(), requestId: "abc" };
const file = (name: string) => new File(["x"], name);
const files = (count: number) => Array.from({ length: count }, (_, index) => file(String(index)));

beforeEach(() => {
  vi.useFakeTimers();
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
  const names = () => sends.map(({ name }) => name);
  const id = (index: number) => queue.getSnapshot().pictures[index]?.id ?? "";
  const phases = () =>
    queue.getSnapshot().pictures.map(({ file: { name }, phase }) => `${name} ${phase.kind}`);
  return { queue, send, names, id, phases };
}

/** A queue whose server answers at once, by what the test says. */
function setUpServer(reply: (name: string, count: number) => Classified | Problem) {
  let count = 0;
  return setUp({
    send: ({ name }) => {
      const answer = reply(name, count++);
      return answer instanceof Problem ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
}

const turn = () => vi.advanceTimersByTimeAsync(0);
const gone = new Problem("backend-unreachable");

test("two files are sent at a time, the next as soon as one is done", async () => {
  const { queue, names, send, phases } = setUp();
  queue.add([file("a"), file("b"), file("c")]);
  await turn();
  expect(names()).toEqual(["a", "b"]);
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

test("more pictures than the page takes are left out and counted", () => {
  const { queue } = setUp({ maxPictures: 3 });
  queue.add(files(2));
  queue.add(files(4));
  expect(queue.getSnapshot().pictures).toHaveLength(3);
  expect(queue.getSnapshot().skipped).toMatchObject({ notPictures: 0, tooMany: 3 });
});

test("a file on its way shows how much is sent, then waits for the verdict", async () => {
  const { queue, send } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).onProgress(0.25);
  expect(queue.getSnapshot().pictures[0]?.phase).toEqual({ kind: "uploading", sent: 0.25 });
  send(0).onProgress(1);
  expect(queue.getSnapshot().pictures[0]?.phase).toEqual({ kind: "waiting" });
});

test("a file against the rules is not sent, and the others are", async () => {
  const check = (checked: File) =>
    Promise.resolve(checked.name === "bad" ? new Problem("too-many-bytes") : null);
  const { queue, names, phases } = setUp({ check });
  queue.add([file("bad"), file("good")]);
  await turn();
  expect(names()).toEqual(["good"]);
  expect(phases()).toEqual(["bad failed", "good uploading"]);
});

test("a busy server holds every picture for the time it names, then they go on", async () => {
  const { queue, names, send, phases } = setUp();
  queue.add([file("a"), file("b"), file("c")]);
  await turn();
  send(0).reject(new Problem("overloaded", { retryAfterMs: 90_000 }));
  send(1).resolve(classified);
  await turn();
  expect(queue.getSnapshot().hold).toMatchObject({ waitMs: 90_000 });
  expect(phases()).toEqual(["a queued", "b done", "c queued"]);
  await vi.advanceTimersByTimeAsync(89_999);
  expect(names()).toEqual(["a", "b"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(names()).toEqual(["a", "b", "a", "c"]);
  expect(queue.getSnapshot().hold).toBeNull();
});

test("of two times to wait the longer counts", async () => {
  const { queue, names, send } = setUp();
  queue.add([file("a"), file("b")]);
  await turn();
  send(0).reject(new Problem("overloaded", { retryAfterMs: 3_000 }));
  send(1).reject(new Problem("rate-limited", { retryAfterMs: 8_000 }));
  await vi.advanceTimersByTimeAsync(7_999);
  expect(names()).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(names()).toHaveLength(4);
});

test("a server that was gone for a minute costs no picture", async () => {
  const back = Date.now() + 60_000;
  let asked = 0;
  const { queue, phases } = setUpServer(() => {
    asked++;
    return Date.now() < back ? gone : classified;
  });
  queue.add(files(20));
  await vi.advanceTimersByTimeAsync(59_000);
  expect(phases().every((one) => one.endsWith("queued"))).toBe(true);
  expect(asked).toBeLessThanOrEqual(14);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(phases().every((one) => one.endsWith("done"))).toBe(true);
});

test("a person need not wait for the next try", async () => {
  const { queue, phases } = setUpServer((_name, count) => (count < 1 ? gone : classified));
  queue.add([file("a")]);
  await turn();
  expect(queue.getSnapshot().hold).not.toBeNull();
  queue.askNow();
  await turn();
  expect(phases()).toEqual(["a done"]);
});

test("a server that stays away for more than ten minutes pauses the rest instead of failing it", async () => {
  const { queue, phases } = setUpServer(() => gone);
  queue.add(files(5));
  await vi.advanceTimersByTimeAsync(700_000);
  expect(queue.getSnapshot().paused).toBe(true);
  expect(phases().filter((one) => one.endsWith("queued")).length).toBeGreaterThanOrEqual(3);
});

test.each(["add", "replace"] as const)("after a long outage new pictures get a new wait: %s", async (how) => {
  let answer: Problem = gone;
  const { queue, id, phases } = setUpServer(() => answer);
  queue.add([file("old")]);
  await vi.advanceTimersByTimeAsync(700_000);
  expect(phases()).toEqual(["old failed"]);
  answer = new Problem("overloaded", { retryAfterMs: 2_000 });
  if (how === "add") queue.add(files(3));
  else queue.replace(id(0), files(3));
  await turn();
  expect(phases().slice(0, 3)).toEqual(["0 queued", "1 queued", "2 queued"]);
  expect(queue.getSnapshot()).toMatchObject({ paused: false, hold: { waitMs: 2_000 } });
});

test("a picture that takes the server down each time fails alone", async () => {
  const { queue, phases } = setUpServer((name) => (name === "bad" ? gone : classified));
  queue.add([file("bad"), ...files(40)]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(phases()[0]).toBe("bad failed");
  expect(phases().filter((one) => one.endsWith("done"))).toHaveLength(40);
});

test("problems of one file are not retried by themselves, but on demand", async () => {
  const { queue, names, send, id, phases } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).reject(new Problem("internal-error"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(names()).toEqual(["a"]);
  queue.retry(id(0));
  await turn();
  send(1).resolve(classified);
  await turn();
  expect(phases()).toEqual(["a done"]);
});

test("all failed ones are tried again at once, except those that can never work", async () => {
  const { queue, phases } = setUpServer((name, count) =>
    count > 2 || name === "good" ? classified : new Problem(name),
  );
  queue.add([file("internal-error"), file("too-small"), file("good")]);
  await turn();
  expect(phases()).toEqual(["internal-error failed", "too-small failed", "good done"]);
  queue.retryFailed();
  await turn();
  expect(phases()).toEqual(["internal-error done", "too-small failed", "good done"]);
});

test("a pause lets pictures on their way finish and sends no others until it ends", async () => {
  const { queue, names, send, phases } = setUp();
  queue.add(files(4));
  await turn();
  queue.pause();
  send(0).resolve(classified);
  send(1).resolve(classified);
  await turn();
  expect(phases()).toEqual(["0 done", "1 done", "2 queued", "3 queued"]);
  queue.add([file("later")]);
  await turn();
  expect(names()).toHaveLength(2);
  queue.resume();
  await turn();
  expect(names()).toEqual(["0", "1", "later", "2"]);
});

test("a pause does not outlive what it paused", async () => {
  const { queue, send, names } = setUp();
  queue.add([file("a")]);
  await turn();
  queue.pause();
  send(0).resolve(classified);
  await turn();
  queue.add([file("b")]);
  await turn();
  expect(names()).toEqual(["a", "b"]);
});

test("a pause ends with the last picture that was on its way", async () => {
  const { queue, send } = setUp();
  queue.add(files(2));
  await turn();
  queue.pause();
  send(0).resolve(classified);
  await turn();
  expect(queue.getSnapshot().paused).toBe(true);
  send(1).resolve(classified);
  await turn();
  expect(queue.getSnapshot().paused).toBe(false);
});

test("a pause and a wait end with the picture that they held", async () => {
  const { queue, send, id, names } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).reject(new Problem("rate-limited", { retryAfterMs: 60_000 }));
  await turn();
  queue.pause();
  queue.remove(id(0));
  expect(queue.getSnapshot()).toMatchObject({ paused: false, hold: null });
  queue.add([file("b")]);
  await turn();
  expect(names()).toEqual(["a", "b"]);
});

test("stopping cancels what is on its way, keeps the verdicts and can be taken back", async () => {
  const { queue, send, phases, names } = setUp();
  queue.add(files(4));
  await turn();
  send(0).resolve(classified);
  await turn();
  queue.stop();
  expect([send(1).signal.aborted, send(2).signal.aborted]).toEqual([true, true]);
  send(1).reject(new DOMException("cancelled", "AbortError"));
  send(2).reject(new DOMException("cancelled", "AbortError"));
  await turn();
  expect(phases()).toEqual(["0 done", "1 failed", "2 failed", "3 failed"]);
  queue.retryFailed();
  await turn();
  expect(names()).toEqual(["0", "1", "2", "1", "2"]);
});

test("stopping ends a wait for the server too", async () => {
  const { queue, names, send, phases } = setUp();
  queue.add([file("a")]);
  await turn();
  send(0).reject(new Problem("rate-limited", { retryAfterMs: 5_000 }));
  await turn();
  expect(phases()).toEqual(["a queued"]);
  queue.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(queue.getSnapshot().hold).toBeNull();
  expect(phases()).toEqual(["a failed"]);
  expect(names()).toEqual(["a"]);
});

test("a removed picture is cancelled, and the next one starts", async () => {
  const { queue, names, send, id, phases } = setUp({ maxParallel: 1 });
  queue.add([file("a"), file("b")]);
  await turn();
  queue.remove(id(0));
  expect(send(0).signal.aborted).toBe(true);
  send(0).reject(new DOMException("cancelled", "AbortError"));
  await turn();
  expect(names()).toEqual(["a", "b"]);
  expect(phases()).toEqual(["b uploading"]);
});

test("a picture removed before its file was read is never sent", async () => {
  const { queue, names } = setUp();
  queue.add([file("a")]);
  queue.clear();
  await turn();
  expect(names()).toEqual([]);
});

test("a replaced picture gives its place to the new ones", async () => {
  const { queue, id, phases } = setUp();
  queue.add([file("a"), file("bad"), file("c")]);
  await turn();
  const ids = queue.replace(id(1), [file("new")]);
  await turn();
  expect(phases().map((one) => one.split(" ")[0])).toEqual(["a", "new", "c"]);
  expect(id(1)).toBe(ids[0]);
});
