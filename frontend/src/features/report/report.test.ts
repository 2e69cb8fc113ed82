import { expect, test } from "vitest";
import { attachmentName, splitForReports } from "./report";

test.each([
  [`attachment; filename="report.pdf"`, "report.pdf"],
  ["attachment; filename=report.csv", "report.csv"],
  [`attachment; filename="x.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`, "报告.pdf"],
  [`attachment; filename="plain.pdf"; filename*=UTF-8''%E6%ZZ`, "plain.pdf"],
  ["attachment", undefined],
  [null, undefined],
])("the name in %s is %s", (header, name) => {
  expect(attachmentName(header)).toBe(name);
});

test("pictures are split into as few reports as the limits of number and size allow", () => {
  const file = (bytes: number) => new File([new Uint8Array(bytes)], "a.jpg");
  const parts = splitForReports([4, 4, 4, 1, 1, 1, 1, 20].map(file), { max_images: 3, max_batch_bytes: 10 });
  expect(parts.map((part) => part.map(({ size }) => size))).toEqual([[4, 4], [4, 1, 1], [1, 1], [20]]);
});
