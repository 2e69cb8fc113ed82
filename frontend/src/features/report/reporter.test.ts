import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/shared/api/problem";
import type { Report } from "./report";
import { Reporter } from "./reporter";

const limits = { max_images: 2, max_batch_bytes: 1_000_000 };
const files = ["a", "b", "c"].map((name) => new File(["x"], name));
const busy = new Problem("rate-limited", { retryAfterMs: 20_000 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A reporter whose server gives these answers, one after the other and the last one for ever. */
function setUp(...answers: (Problem | "report")[]) {
  const asked: string[] = [];
  const saved: string[] = [];
  const reporter = new Reporter({
    fetch: (sent, format) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(sent.map(({ name }) => name).join(""));
      const report: Report = { name: `report.${format}`, content: new Blob() };
      return answer instanceof Problem ? Promise.reject(answer) : Promise.resolve(report);
    },
    save: ({ name }) => {
      saved.push(name);
    },
  });
  return { reporter, asked, saved };
}

test("a busy server is left alone as long as it asks; the same part follows, and none is saved twice", async () => {
  const { reporter, asked, saved } = setUp("report", busy, "report");
  void reporter.start(files, "pdf", limits);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(reporter.getSnapshot()).toEqual({ kind: "waiting", problem: busy, part: 2, parts: 2 });
  expect(asked).toEqual(["ab", "c"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(reporter.getSnapshot()).toEqual({ kind: "saved", name: "report-2.pdf" });
  expect(asked).toEqual(["ab", "c", "c"]);
  expect(saved).toEqual(["report-1.pdf", "report-2.pdf"]);
});

test("a wait can be cancelled", async () => {
  const { reporter, asked } = setUp(busy);
  void reporter.start(files, "pdf", limits);
  await vi.advanceTimersByTimeAsync(0);
  reporter.cancel();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reporter.getSnapshot()).toEqual({ kind: "idle" });
  expect(asked).toEqual(["ab"]);
});

test("a server that stays busy is asked less and less often, and not for ever", async () => {
  const { reporter, asked } = setUp(new Problem("overloaded", { retryAfterMs: 1_000 }));
  void reporter.start(files, "pdf", limits);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBeLessThanOrEqual(6);
  await vi.advanceTimersByTimeAsync(700_000);
  expect(reporter.getSnapshot()).toMatchObject({ kind: "failed", problem: { slug: "overloaded" } });
});

test("what asking again cannot mend ends the report at once", async () => {
  const { reporter, asked } = setUp(new Problem("too-many-bytes"));
  await reporter.start(files, "pdf", limits);
  expect(reporter.getSnapshot()).toMatchObject({ kind: "failed", problem: { slug: "too-many-bytes" } });
  expect(asked).toEqual(["ab"]);
});
