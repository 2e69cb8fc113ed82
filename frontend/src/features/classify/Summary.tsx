import { useTranslation } from "react-i18next";
import type { Picture } from "./queue";

/** How many pictures got which answer. */
export function Summary({ pictures }: { pictures: readonly Picture[] }) {
  const { t } = useTranslation();
  const counts = { ai: 0, real: 0, uncertain: 0, failed: 0, working: 0 };
  for (const { phase } of pictures) {
    if (phase.kind === "done") counts[phase.verdict.label]++;
    else if (phase.kind === "failed") counts.failed++;
    else counts.working++;
  }
  const parts = (["ai", "real", "uncertain", "failed", "working"] as const).filter(
    (kind) => counts[kind] > 0,
  );

  return (
    <p className={pictures.length === 1 ? "max-sm:sr-only" : undefined}>
      <span className="font-semibold">{t("results.count", { count: pictures.length })}</span>
      {pictures.length > 1 &&
        parts.map((kind) => (
          <span key={kind} className="text-muted">
            {" · "}
            {t(`results.${kind}`, { count: counts[kind] })}
          </span>
        ))}
    </p>
  );
}
