import type { Label } from "@/shared/api/types";
import type { Phase, Picture } from "./queue";

/** What became of a picture, in one word. */
export type Outcome = Label | "failed" | "working";
export type Show = Outcome | "all";

/** The orders a list can be in; the first one is how pictures came. */
export const orders = ["added", "verdict", "probability", "name"] as const;
export type Order = (typeof orders)[number];

/** Those that matter most to a person looking for AI pictures first. */
const outcomes: readonly Outcome[] = ["ai", "uncertain", "real", "failed", "working"];

export function outcomeOf(phase: Phase): Outcome {
  if (phase.kind === "done") return phase.verdict.label;
  return phase.kind === "failed" ? "failed" : "working";
}

export function countOutcomes(pictures: readonly Picture[]): Record<Outcome, number> {
  const counts = { ai: 0, real: 0, uncertain: 0, failed: 0, working: 0 };
  for (const { phase } of pictures) counts[outcomeOf(phase)]++;
  return counts;
}

/** The pictures to show, in the order to show them. What has no verdict yet comes last, except by name. */
export function arrange(
  pictures: readonly Picture[],
  { show, order, locale }: { show: Show; order: Order; locale: string },
): readonly Picture[] {
  const shown = show === "all" ? pictures : pictures.filter(({ phase }) => outcomeOf(phase) === show);
  switch (order) {
    case "added":
      return shown;
    case "verdict":
      return shown.toSorted((a, b) => rank(a) - rank(b) || probability(b) - probability(a));
    case "probability":
      return shown.toSorted((a, b) => probability(b) - probability(a));
    case "name": {
      const { compare } = new Intl.Collator(locale, { numeric: true });
      return shown.toSorted((a, b) => compare(a.file.name, b.file.name));
    }
  }
}

function rank({ phase }: Picture): number {
  return outcomes.indexOf(outcomeOf(phase));
}

function probability({ phase }: Picture): number {
  return phase.kind === "done" ? phase.verdict.probability : -1;
}
