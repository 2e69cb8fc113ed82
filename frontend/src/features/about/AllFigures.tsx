import { useTranslation } from "react-i18next";
import en from "@/locales/en.json";
import type { ServedModel } from "@/shared/api/types";
import { DataTable } from "@/shared/ui/DataTable";
import { Bar } from "./Bar";
import { useColumnName } from "./column-name";
import { formatFigure, isAuc, isTogether, type Measure } from "./figures";

type Card = ServedModel["card"];

const sourceAuc = /^(?:quiz|wild)_auc_(.+)$/;

/** Every figure of the card: one row each, one column for each set of experts that has any of them. */
export function AllFigures({
  figures,
  explained,
}: {
  figures: Card["figures"];
  explained: Card["figures_explained"];
}) {
  const { t } = useTranslation();
  const name = useColumnName();
  // Groups that measure the same things share a table.
  const tables = new Map<string, string[]>();
  for (const [group, values] of Object.entries(figures)) {
    const measures = Object.keys(values).sort().join();
    tables.set(measures, [...(tables.get(measures) ?? []), group]);
  }
  return [...tables.values()].map((groups) => {
    const sorted = groups.sort((a, b) => Number(isTogether(b)) - Number(isTogether(a)));
    const measures = Object.keys(figures[sorted[0] ?? ""] ?? {});
    return (
      <DataTable
        key={sorted.join()}
        label={`${t("model.figures")}: ${sorted.map(name).join(", ")}`}
        columns={[t("model.figure"), ...sorted.map(name)]}
        rows={measures.map((measure) => ({
          key: measure,
          cells: [
            <Label key="label" measure={measure} explanation={explained[measure]} />,
            ...sorted.map((group) => (
              <Value key={group} measure={measure} value={figures[group]?.[measure]} />
            )),
          ],
        }))}
      />
    );
  });
}

function Label({ measure, explanation }: { measure: string; explanation: string | undefined }) {
  const { t } = useTranslation();
  if (measure in en.about.figures.measures) {
    return (
      <>
        {t(`about.figures.measures.${measure as Measure}`)}
        {explanation && (
          <span lang="en" className="block text-xs text-muted">
            {explanation}
          </span>
        )}
      </>
    );
  }
  if (explanation) return <span lang="en">{explanation}</span>;
  const source = sourceAuc.exec(measure)?.[1];
  if (source) return t("model.sourceAuc", { source });
  return <span lang="en">{measure.replaceAll("_", " ")}</span>;
}

function Value({ measure, value }: { measure: string; value: number | undefined }) {
  const { t, i18n } = useTranslation();
  if (value === undefined) return t("about.figures.empty");
  return (
    <>
      {formatFigure(measure, value, i18n.language)}
      {value >= 0 && value <= 1 && <Bar share={value} mark={isAuc(measure) ? 0.5 : undefined} />}
    </>
  );
}
