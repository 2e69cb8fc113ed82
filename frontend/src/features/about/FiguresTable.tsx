import { useTranslation } from "react-i18next";
import { DataTable } from "@/shared/ui/DataTable";
import { useColumnName } from "./column-name";
import { formatFigure, type Table } from "./figures";

/** Figures in plain words, one column for each set of experts. */
export function FiguresTable({ table }: { table: Table }) {
  const { t, i18n } = useTranslation();
  const columnName = useColumnName();
  return (
    <DataTable
      label={t("about.figures.heading")}
      columns={[t("about.figures.measure"), ...table.columns.map(columnName)]}
      rows={table.rows.map(({ measure, values }) => ({
        key: measure,
        cells: [
          t(`about.figures.measures.${measure}`),
          ...values.map((value) =>
            value === undefined ? t("about.figures.empty") : formatFigure(measure, value, i18n.language),
          ),
        ],
      }))}
    />
  );
}
