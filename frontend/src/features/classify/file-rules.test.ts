// @vitest-environment node
// (jsdom's File cannot be read.)
import { expect, test } from "vitest";
import { checkFile, selectFiles } from "./file-rules";

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);

test("a picture within the limit may go, whatever its name says", async () => {
  await expect(checkFile(new File([jpeg], "notes.txt", { type: "text/plain" }), 8)).resolves.toBeNull();
});

test.each([
  ["empty-image", new File([], "a.jpg")],
  ["too-many-bytes", new File([jpeg, jpeg], "a.jpg")],
  ["unsupported-format", new File(["%PDF-1.7"], "a.jpg", { type: "image/jpeg" })],
])("%s is told before anything is sent", async (slug, file) => {
  await expect(checkFile(file, 8)).resolves.toMatchObject({ slug });
});

test("a file that is gone is told as unreadable", async () => {
  const file = new File([jpeg], "a.jpg");
  file.slice = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  await expect(checkFile(file, 8)).resolves.toMatchObject({ slug: "unreadable" });
});

const inFolder = (path: string) =>
  Object.assign(new File([jpeg], path.split("/").pop() ?? ""), { path: `/${path}` });
const names = (files: File[]) => files.map(({ name }) => name);

test("of a folder the pictures are taken, in the order a person would sort them", () => {
  const files = ["trip/b/img2.jpg", "trip/b/img10.HEIC", "trip/notes.txt", "trip/a/z.png", "trip/.hidden"];
  const { taken, skipped } = selectFiles(files.map(inFolder).reverse(), 10);
  expect(names(taken)).toEqual(["z.png", "img2.jpg", "img10.HEIC"]);
  expect(skipped).toMatchObject({ notPictures: 2, tooMany: 0 });
});

test("files chosen one by one are all taken, in their order, so that each is answered for", () => {
  const dropped = Object.assign(new File(["x"], "b.txt"), { path: "./b.txt" });
  expect(names(selectFiles([dropped, new File([jpeg], "a.jpg")], 10).taken)).toEqual(["b.txt", "a.jpg"]);
});

test("what is more than there is room for is counted", () => {
  const files = ["1", "2", "3"].map((name) => new File([jpeg], name));
  const { taken, skipped } = selectFiles(files, 2);
  expect(names(taken)).toEqual(["1", "2"]);
  expect(skipped.tooMany).toBe(1);
});
