import { expect, test } from "vitest";
import { Problem } from "@/shared/api/problem";
import type { Label } from "@/shared/api/types";
import { makeVerdict } from "@/shared/testing/verdicts";
import { arrange, countOutcomes, type Order, type Show } from "./arrange";
import type { Phase, Picture } from "./queue";

const picture = (name: string, phase: Phase): Picture => ({ id: name, file: new File(["x"], name), phase });
const done = (name: string, label: Label, probability: number) =>
  picture(name, { kind: "done", verdict: makeVerdict({ label, probability }), requestId: undefined });

const pictures = [
  done("img10", "real", 0.1),
  picture("img3", { kind: "queued" }),
  done("img2", "ai", 0.9),
  done("Img1", "uncertain", 0.5),
  picture("img4", { kind: "failed", problem: new Problem("too-small") }),
  done("img5", "ai", 0.95),
];

const names = (show: Show, order: Order) =>
  arrange(pictures, { show, order, locale: "en" }).map(({ file }) => file.name);

test.each([
  ["added", ["img10", "img3", "img2", "Img1", "img4", "img5"]],
  ["verdict", ["img5", "img2", "Img1", "img10", "img4", "img3"]],
  ["probability", ["img5", "img2", "Img1", "img10", "img3", "img4"]],
  ["name", ["Img1", "img2", "img3", "img4", "img5", "img10"]],
] as const)("pictures can be ordered by %s", (order, expected) => {
  expect(names("all", order)).toEqual(expected);
});

test("one kind of answer can be shown alone, in any order", () => {
  expect(names("ai", "added")).toEqual(["img2", "img5"]);
  expect(names("ai", "verdict")).toEqual(["img5", "img2"]);
  expect(names("failed", "name")).toEqual(["img4"]);
  expect(names("working", "name")).toEqual(["img3"]);
});

test("every picture is counted once, by what became of it", () => {
  expect(countOutcomes(pictures)).toEqual({ ai: 2, real: 1, uncertain: 1, failed: 1, working: 1 });
});
