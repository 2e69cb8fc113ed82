import { expect, test } from "vitest";
import { inWords } from "./probability";

test.each([
  [0, "extremelyLow"],
  [0.05, "veryLow"],
  [0.2, "low"],
  [0.4, "belowEven"],
  [0.5, "even"],
  [0.6, "aboveEven"],
  [0.8, "high"],
  [0.934, "veryHigh"],
  [1, "extremelyHigh"],
])("%f in words is %s", (probability, word) => {
  expect(inWords(probability)).toBe(word);
});
