/** Sending the same file again would not help. */
const permanent = new Set([
  "empty-image",
  "not-an-image",
  "truncated-image",
  "unreadable",
  "unsupported-format",
  "too-many-bytes",
  "too-many-pixels",
  "too-small",
]);

export function isPermanent(slug: string): boolean {
  return permanent.has(slug);
}
