import { useTranslation } from "react-i18next";
import { formatShare } from "@/shared/lib/format";
import { isTogether, type Measure, type Table } from "./figures";

export function FiguresTable({ table }: { table: Table }) {
  const { t, i18n } = useTranslation();

  return (
    <div
      role="region"
      aria-label={t("about.figures.heading")}
      tabIndex={0}
      className="overflow-x-auto rounded-2xl bg-surface px-4 py-2"
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line align-bottom">
            <th scope="col" className="py-2 pr-3 text-left font-medium">
              {t("about.figures.measure")}
            </th>
            {table.columns.map((column) => (
              <th key={column} scope="col" className="py-2 pl-3 text-right font-medium">
                {columnName(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(({ measure, values }) => (
            <tr key={measure} className="border-b border-line last:border-0">
              <th scope="row" className="min-w-40 py-2 pr-3 text-left font-normal">
                {t(`about.figures.measures.${measure}`)}
              </th>
              {values.map((value, index) => (
                <td key={table.columns[index]} className="py-2 pl-3 text-right tabular-nums">
                  {value === undefined ? t("about.figures.empty") : format(measure, value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

  function columnName(name: string): string {
    if (isTogether(name)) return t("about.figures.group.together");
    const known = name === "traces" || name === "appearance";
    return t(`about.figures.group.${known ? name : "other"}`, { name });
  }

  /** Shares as percentages; the area under a curve is none. */
  function format(measure: Measure, value: number): string {
    if (!measure.endsWith("auc")) return formatShare(value, i18n.language);
    return new Intl.NumberFormat(i18n.language, {
      minimumFractionDigits: 3,
      maximumFractionDigits: 3,
    }).format(value);
  }
}
