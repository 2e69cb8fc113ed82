const steps = [
  [0.02, "extremelyLow"],
  [0.1, "veryLow"],
  [0.3, "low"],
  [0.45, "belowEven"],
  [0.55, "even"],
  [0.7, "aboveEven"],
  [0.9, "high"],
  [0.98, "veryHigh"],
] as const;

export type ProbabilityWord = (typeof steps)[number][1] | "extremelyHigh";

/** A probability of AI in plain words (a key under `probability` in the locale files). */
export function inWords(probability: number): ProbabilityWord {
  return steps.find(([below]) => probability < below)?.[1] ?? "extremelyHigh";
}
