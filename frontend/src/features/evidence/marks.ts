import type { Verdict } from "@/shared/api/types";

/** What all marks of a file come to, in the order of what a person should know first. */
export function gistOfMarks({
  signals,
}: Verdict["provenance"]): ("ai" | "camera" | "edited" | "invalid" | "other" | "none")[] {
  const points = (["ai", "camera", "edited"] as const).filter((point) =>
    signals.some((signal) => signal.points_to === point),
  );
  const invalid = signals.some(({ status }) => status === "invalid") ? (["invalid"] as const) : [];
  if (points.length + invalid.length > 0) return [...points, ...invalid];
  return signals.some(({ status }) => status === "found") ? ["other"] : ["none"];
}
