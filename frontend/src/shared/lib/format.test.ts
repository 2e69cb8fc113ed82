import { expect, test } from "vitest";
import { formatBytes, formatMilliseconds, formatPercent } from "./format";

test.each([
  [0, "<1%"],
  [0.004, "<1%"],
  [0.005, "1%"],
  [0.934, "93%"],
  [0.994, "99%"],
  [0.995, ">99%"],
  [1, ">99%"],
])("a probability of %f is shown as %s: never as certain", (probability, text) => {
  expect(formatPercent(probability, "en")).toBe(text);
});

test.each([
  [1, "1 byte"],
  [900, "900 bytes"],
  [196_653, "192 kB"],
  [20 * 1024 * 1024, "20 MB"],
])("%d bytes are shown as %s", (bytes, text) => {
  expect(formatBytes(bytes, "en")).toBe(text);
});

test("short times are shown in milliseconds, long ones in seconds", () => {
  expect(formatMilliseconds(181.4, "en")).toBe("181 ms");
  expect(formatMilliseconds(2345, "en")).toBe("2.3 sec");
});
