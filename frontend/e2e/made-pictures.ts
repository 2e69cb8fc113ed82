import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const python = process.env["PYTHON"] ?? ".venv/bin/python";
const script = `
import io, sys
from pathlib import Path
from PIL import Image

def picture(hue):
    ramp = Image.linear_gradient("L").resize((640, 480))
    made = Image.merge("HSV", (Image.new("L", ramp.size, hue), Image.new("L", ramp.size, 90), ramp))
    file = io.BytesIO()
    made.convert("RGB").save(file, "JPEG")
    return file.getvalue()

folder, count = Path(sys.argv[1]), int(sys.argv[2])
pictures = [picture(hue) for hue in range(0, 256, 32)]
for i in range(count):
    # In folders of a folder, as photo collections are.
    path = folder / f"day {i // 100 + 1}" / f"picture {i:03}.jpg"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pictures[i % len(pictures)])
(folder / "notes.txt").write_text("not a picture")
`;

/** A new folder with folders of pictures, and one file that is none. */
export function makePictures(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "pictures-"));
  execFileSync(python, ["-c", script, folder, String(count)], { cwd: join(import.meta.dirname, "../..") });
  return folder;
}
