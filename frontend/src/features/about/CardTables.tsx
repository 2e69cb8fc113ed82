import { useTranslation } from "react-i18next";
import type { ServedModel } from "@/shared/api/types";
import { DataTable } from "@/shared/ui/DataTable";
import { Section } from "./Article";
import { Bar } from "./Bar";
import { formatFigure, isAuc } from "./figures";

type CardTable = ServedModel["card"]["tables"][number];

/** Further tables of the card, as they are. */
export function CardTables({ tables }: { tables: readonly CardTable[] }) {
  return tables.map(({ title, note, columns, rows }) => (
    <Section key={title} title={title}>
      <div lang="en" className="space-y-4">
        {note && <p className="text-sm text-muted">{note}</p>}
        <DataTable
          label={title}
          columns={columns}
          rows={rows.map((cells, index) => ({
            key: String(index),
            cells: cells.map((cell, column) => (
              <Cell key={column} value={cell} name={columns[column] ?? ""} />
            )),
          }))}
        />
      </div>
    </Section>
  ));
}

function Cell({ value, name }: { value: string | number | null; name: string }) {
  const { t, i18n } = useTranslation();
  if (value === null) return t("about.figures.empty");
  if (typeof value === "string") return value;
  const auc = isAuc(name.toLowerCase().replaceAll(/[^a-z]+/g, "_"));
  return (
    <>
      {formatFigure(auc ? "auc" : name, value, i18n.language)}
      {auc && value >= 0 && value <= 1 && <Bar share={value} mark={0.5} />}
    </>
  );
}
