import { expect, test } from "vitest";
import { makeVerdict } from "@/shared/testing/verdicts";
import { issueLink, issueText } from "./issue";

test("a report says what was answered, by what and about what kind of picture", () => {
  const text = issueText(makeVerdict(), "real");
  expect(text.split("\n").slice(0, 6)).toEqual([
    "Answer: ai, P(AI) = 0.9340",
    "In truth: real",
    "Bands: real below 0.2, AI above 0.8",
    "Model: real-or-ai 1.2.3",
    "Checks: traces 0.8800, appearance 0.9500",
    "Picture: JPEG, 640 x 427 pixels, 196653 bytes",
  ]);
});

test("a link carries the report to where reports are opened", () => {
  const link = new URL(issueLink("https://example.org/issues/new?template=wrong", "a & b\nc"));
  expect(link.searchParams.get("template")).toBe("wrong");
  expect(link.searchParams.get("title")).toBe("Wrong answer about a picture");
  expect(link.searchParams.get("body")).toBe("a & b\nc");
});
