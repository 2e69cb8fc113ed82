// @vitest-environment node
// (jsdom's File cannot be read.)
import { expect, test } from "vitest";
import { checkFile } from "./file-rules";

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
