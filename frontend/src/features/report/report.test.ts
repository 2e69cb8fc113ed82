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

const file = (bytes: number) => new File([new Uint8Array(bytes)], "a.jpg");

test("pictures are split into as few reports as the limits of number and size allow", () => {
  const limits = { max_images: 3, max_batch_bytes: 100_000 };
  const sizes = [40, 40, 40, 10, 10, 10, 10, 200].map((kilobytes) => kilobytes * 1000);
  const parts = splitForReports(sizes.map(file), limits);
  expect(parts.map((part) => part.map(({ size }) => size / 1000))).toEqual([
    [40, 40],
    [40, 10, 10],
    [10, 10],
    [200],
  ]);
});

test("a report leaves room for what a form adds to its files, long names in any script above all", () => {
  const limits = { max_images: 100, max_batch_bytes: 200_000 };
  const names = Array.from(
    { length: 10 },
    (_, index) => `${index}${(index % 2 ? "写" : '"').repeat(200)}.jpg`,
  );
  const files = names.map((name) => new File([new Uint8Array(20_000)], name));
  const framing = 250;
  const inForm = ({ name, size }: File) =>
    framing + new TextEncoder().encode(name.replaceAll('"', "%22")).length + size;
  const parts = splitForReports(files, limits);
  expect(parts.flat()).toEqual(files);
  for (const part of parts) {
    expect(part.reduce((sum, one) => sum + inForm(one), 0)).toBeLessThanOrEqual(limits.max_batch_bytes);
  }
});
