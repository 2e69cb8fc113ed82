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

const pictureName = /\.(jpe?g|jpe|jfif|png|webp|avif|heic|heif|gif)$/i;

/** How many files were left out, and why. */
export interface Skipped {
  /** Files in a folder that do not look like pictures. */
  notPictures: number;
  /** Files above what the page takes at once. */
  tooMany: number;
  /** Whether a folder could not be read at all. */
  unreadable: boolean;
}

export const nothingSkipped: Skipped = { notPictures: 0, tooMany: 0, unreadable: false };

/**
 * What is taken of the files that a person chose or dropped. Who chooses a file wants to hear what becomes of it; who
 * chooses a folder means the pictures in it.
 */
export function selectFiles(files: readonly File[], room: number): { taken: File[]; skipped: Skipped } {
  const pictures = files.filter((file) => folderOf(file) === "" || pictureName.test(file.name));
  // Folders come in whatever order the disk has them; chosen files in the order of the dialog.
  if (pictures.some((file) => folderOf(file) !== "")) pictures.sort(byPath);
  const taken = pictures.slice(0, room);
  return {
    taken,
    skipped: {
      notPictures: files.length - pictures.length,
      tooMany: pictures.length - taken.length,
      unreadable: false,
    },
  };
}

function byPath(a: File, b: File): number {
  const inOrder = (one: string, other: string): number =>
    one.localeCompare(other, undefined, { numeric: true });
  return inOrder(folderOf(a), folderOf(b)) || inOrder(a.name, b.name);
}

/** Dropped files carry `path` ("/holiday/a.jpg", "./a.jpg"), those of the folder dialog what the browser says. */
interface FilePaths {
  path?: string;
  webkitRelativePath?: string;
}

/** The folder a file came from, such as "holiday/day 1"; empty for a file that was chosen by itself. */
export function folderOf({ path, webkitRelativePath = "" }: FilePaths): string {
  return (path ?? webkitRelativePath)
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

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
