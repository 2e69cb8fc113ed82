import en from "@/locales/en.json";
import type { ServedModel } from "@/shared/api/types";
import { formatShare } from "@/shared/lib/format";

export type Measure = keyof typeof en.about.figures.measures;

export interface Table {
  /** Experts as the model card names them, all of them together first: "appearance + traces". */
  columns: string[];
  rows: { measure: Measure; values: (number | undefined)[] }[];
}

const measures = Object.keys(en.about.figures.measures) as Measure[];

/** Those figures of the model card that have a plain explanation. */
export function tableOf(figures: ServedModel["card"]["figures"]): Table {
  const columns = Object.keys(figures)
    .filter((group) => group !== "tiny")
    .sort((a, b) => Number(isTogether(b)) - Number(isTogether(a)));
  const rows = measures
    .map((measure) => ({ measure, values: columns.map((column) => figures[column]?.[measure]) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  return { columns, rows };
}

/** Shares as percentages; the area under a curve is none, and neither is what lies beyond 0 and 1. */
export function formatFigure(name: string, value: number, locale: string): string {
  const isShare = value >= 0 && value <= 1 && !isAuc(name);
  if (isShare) return formatShare(value, locale);
  const digits = isAuc(name) ? 3 : 0;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: 3 }).format(
    value,
  );
}

/** Areas under a curve: 0.5 is guessing, 1 is perfect. */
export function isAuc(name: string): boolean {
  return /(^|_)auc(_|$)/.test(name);
}

export function isTogether(group: string): boolean {
  return group.includes(" + ");
}
