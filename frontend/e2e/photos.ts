import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const python = process.env["PYTHON"] ?? ".venv/bin/python";
const folder = execFileSync(
  python,
  ["-c", "import os, sklearn.datasets as d; print(os.path.join(os.path.dirname(d.__file__), 'images'))"],
  { cwd: join(import.meta.dirname, "../.."), encoding: "utf8" },
).trim();

/** Real photos that come with scikit-learn. */
export const china = photo("china.jpg");
export const flower = photo("flower.jpg");

/** The first third of a real photo: it starts like a picture and then stops. */
export const broken = { ...china, name: "broken.jpg", buffer: china.buffer.subarray(0, 60_000) };

export const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("not a picture") };

function photo(name: string) {
  return { name, mimeType: "image/jpeg", buffer: readFileSync(join(folder, name)) };
}
