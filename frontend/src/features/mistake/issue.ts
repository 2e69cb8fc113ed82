import type { Verdict } from "@/shared/api/types";

export const truths = ["real", "ai", "unsure"] as const;
export type Truth = (typeof truths)[number];

/** Where reports can be opened, as an address that takes `title` and `body`; set when the page is built. */
export const issuesAddress = import.meta.env["VITE_ISSUES_URL"] as string | undefined;

export const issueTitle = "Wrong answer about a picture";

/**
 * What a maintainer needs to know about a wrong answer. In English, for whoever reads it, and without the picture,
 * its name or anything the file says about people.
 */
export function issueText(verdict: Verdict, truth: Truth): string {
  const { image, model, bands, provenance, summary } = verdict;
  const lines = [
    `Answer: ${verdict.label}, P(AI) = ${verdict.probability.toFixed(4)}`,
    `In truth: ${truth}`,
    `Bands: real below ${bands.real_below}, AI above ${bands.ai_above}`,
    `Model: ${model.name} ${model.version}${model.missing.length > 0 ? `, without ${model.missing.join(", ")}` : ""}`,
    `Checks: ${verdict.experts.map(({ name, probability }) => `${name} ${probability.toFixed(4)}`).join(", ")}`,
    `Picture: ${image.format}, ${image.width} x ${image.height} pixels, ${image.bytes} bytes`,
    `Notes: ${image.notes.join(", ") || "none"}`,
    `Marks: ${provenance.signals.map(({ code }) => code).join(", ") || "none"}`,
    `Statements: ${summary.statements.map(({ code }) => code).join(", ") || "none"}`,
    `Verdict id: ${verdict.id}`,
  ];
  return lines.join("\n");
}

export function issueLink(address: string, text: string): string {
  const link = new URL(address);
  link.searchParams.set("title", issueTitle);
  link.searchParams.set("body", text);
  return link.href;
}
