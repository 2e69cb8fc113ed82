import { useTranslation } from "react-i18next";
import type { ServedModel } from "@/shared/api/types";
import { DataTable } from "@/shared/ui/DataTable";
import { Disclosure } from "@/shared/ui/Disclosure";

/** How many pictures of which kind of source, and on demand every source: "kind/source". */
export function TrainingData({ data }: { data: ServedModel["card"]["training_data"] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const sources = Object.entries(data).map(([name, counts]) => ({
    name,
    kind: name.split("/", 1)[0] ?? name,
    ai: counts["ai"] ?? 0,
    real: counts["real"] ?? 0,
  }));
  const kinds = [...new Set(sources.map(({ kind }) => kind))].map(
    (kind) => [kind, sources.filter((source) => source.kind === kind)] as const,
  );
  const totals = [...kinds, [t("model.total"), sources] as const].map(([kind, of]) => ({
    key: kind,
    cells: [
      kind,
      number.format(of.length),
      number.format(of.reduce((sum, { ai }) => sum + ai, 0)),
      number.format(of.reduce((sum, { real }) => sum + real, 0)),
    ],
  }));
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">{t("model.trainingNote")}</p>
      <DataTable
        label={t("model.training")}
        columns={[t("model.kind"), t("model.sources"), t("model.ai"), t("model.real")]}
        rows={totals}
      />
      <Disclosure title={t("model.allSources")}>
        <DataTable
          label={t("model.allSources")}
          columns={[t("model.source"), t("model.ai"), t("model.real")]}
          rows={sources.map(({ name, ai, real }) => ({
            key: name,
            cells: [
              <span key="name" className="wrap-anywhere">
                {name}
              </span>,
              number.format(ai),
              number.format(real),
            ],
          }))}
        />
      </Disclosure>
    </div>
  );
}
