import en from "@/locales/en.json";
import type { ServedModel } from "@/shared/api/types";

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

export function isTogether(group: string): boolean {
  return group.includes(" + ");
}
