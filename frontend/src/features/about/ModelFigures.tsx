import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { formatShare } from "@/shared/lib/format";
import { FiguresTable } from "./FiguresTable";
import { tableOf } from "./figures";

/** The detector's own figures, as the server publishes them. */
export function ModelFigures() {
  const { t, i18n } = useTranslation();
  const { data: model, isPending } = useModel();
  if (isPending) return <p className="text-muted">{t("about.figures.loading")}</p>;
  if (!model) return <p>{t("about.figures.failed")}</p>;

  const { name, version, figures } = model.card;
  const table = tableOf(figures);
  const tiny = figures["tiny"]?.["cifake_accuracy"];
  return (
    <div className="space-y-4">
      {model.missing.length > 0 && (
        <p className="rounded-2xl bg-uncertain-soft p-4">
          {t("about.figures.missing", { names: model.missing.map((expert) => expert.name).join(", ") })}
        </p>
      )}
      {table.rows.length > 0 ? <FiguresTable table={table} /> : <p>{t("about.figures.none")}</p>}
      {tiny !== undefined && <p>{t("about.figures.tiny", { percent: formatShare(tiny, i18n.language) })}</p>}
      <p className="text-sm text-muted">{t("about.figures.model", { name, version })}</p>
    </div>
  );
}
