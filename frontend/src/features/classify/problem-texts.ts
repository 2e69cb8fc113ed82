import type { Phase } from "./queue";

/** Sending the same file again would not help. */
const permanent = new Set([
  "empty-image",
  "not-an-image",
  "unreadable",
  "unsupported-format",
  "too-many-bytes",
  "too-many-pixels",
  "too-small",
]);

export function isPermanent(slug: string): boolean {
  return permanent.has(slug);
}

/** Whether a picture failed in a way that may work another time. */
export function canRetry(phase: Phase): boolean {
  return phase.kind === "failed" && !isPermanent(phase.problem.slug);
}
