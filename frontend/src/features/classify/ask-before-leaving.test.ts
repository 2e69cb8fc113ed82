import { expect, test } from "vitest";
import { makeVerdict } from "@/shared/testing/verdicts";
import { askBeforeLeaving } from "./ask-before-leaving";
import { ClassifyQueue } from "./queue";

test("the browser asks before many answers are lost, and not about a few or none", () => {
  const queue = new ClassifyQueue({
    check: () => Promise.resolve(null),
    send: () => Promise.resolve({ verdict: makeVerdict(), requestId: "abc" }),
  });
  askBeforeLeaving(queue);
  const asks = (): boolean => {
    const leave = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(leave);
    return leave.defaultPrevented;
  };
  const add = (count: number): void => {
    queue.add(Array.from({ length: count }, (_, index) => new File(["x"], String(index))));
  };
  expect(asks()).toBe(false);
  add(4);
  expect(asks()).toBe(false);
  add(1);
  expect(asks()).toBe(true);
  queue.clear();
  expect(asks()).toBe(false);
});
