import en from "@/locales/en.json";

/** Those entries under `problem` that describe a problem, not a label. */
type ProblemKey = {
  [Key in keyof typeof en.problem]: (typeof en.problem)[Key] extends { title: string } ? Key : never;
}[keyof typeof en.problem];

/** The texts for a problem; one that this page does not know gets general advice. */
export function problemKey(slug: string): ProblemKey {
  const texts: unknown = slug in en.problem ? en.problem[slug as ProblemKey] : undefined;
  return typeof texts === "object" ? (slug as ProblemKey) : "other";
}
