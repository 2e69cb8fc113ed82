import { Problem } from "@/shared/api/problem";
import { recognise, signatureBytes } from "./signature";

/** Used until the server has told its own limit: its default. */
export const defaultMaxBytes = 20 * 1024 * 1024;

/** For the file dialog. The extensions help systems that do not know the newer types. */
export const acceptedTypes = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/avif",
  "image/heic",
  "image/heif",
  "image/gif",
  ".avif",
  ".heic",
  ".heif",
].join(",");

/** What can be said about a file before it is sent. Returns the problem, or null to go ahead. */
export async function checkFile(file: File, maxBytes: number): Promise<Problem | null> {
  if (file.size === 0) return new Problem("empty-image");
  if (file.size > maxBytes) return new Problem("too-many-bytes");
  try {
    const head = new Uint8Array(await file.slice(0, signatureBytes).arrayBuffer());
    return recognise(head) ? null : new Problem("unsupported-format");
  } catch {
    return new Problem("unreadable");
  }
}
