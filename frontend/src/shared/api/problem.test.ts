import { expect, test } from "vitest";
import { parseRetryAfter, problemFromReply } from "./problem";

const header = (headers: Record<string, string>) => (name: string) => headers[name] ?? null;

test("a problem document gives its slug, its sentence, the request id and the time to wait", () => {
  const problem = problemFromReply({
    status: 503,
    body: { type: "/problems/overloaded", detail: "The queue is full." },
    header: header({ "x-request-id": "abc", "retry-after": "3" }),
  });
  expect(problem.slug).toBe("overloaded");
  expect(problem.info).toEqual({ detail: "The queue is full.", requestId: "abc", retryAfterMs: 3000 });
});

test.each([
  [413, "too-many-bytes"],
  [429, "rate-limited"],
  [503, "overloaded"],
  [502, "backend-unreachable"],
  [504, "backend-unreachable"],
  [500, "other"],
])("a reply %d that is no problem document becomes %s", (status, slug) => {
  expect(problemFromReply({ status, body: undefined, header: header({}) }).slug).toBe(slug);
});

test("Retry-After is read as seconds or as a date, and ignored when it is neither", () => {
  const now = Date.parse("2026-11-25T10:00:00Z");
  expect(parseRetryAfter("5", now)).toBe(5000);
  expect(parseRetryAfter("Wed, 25 Nov 2026 10:00:07 GMT", now)).toBe(7000);
  expect(parseRetryAfter("Wed, 25 Nov 2026 09:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});
