import { useTranslation } from "react-i18next";
import type { Verdict } from "@/shared/api/types";
import { formatPercent, formatShare } from "@/shared/lib/format";
import { verdictStyles } from "@/shared/ui/verdict-style";

type ScaleProps = Pick<Verdict, "label" | "probability" | "bands">;

/** Where the probability lies between "real" and "AI-made", and where the limits between the answers are. */
export function ProbabilityScale({ label, probability, bands }: ScaleProps) {
  const { t, i18n } = useTranslation();
  const limits = {
    realBelow: formatShare(bands.real_below, i18n.language),
    aiAbove: formatShare(bands.ai_above, i18n.language),
  };
  const percent = formatPercent(probability, i18n.language);
  const position = Math.min(0.985, Math.max(0.015, probability)) * 100;

  return (
    <div>
      <div role="img" aria-label={t("scale.label", { percent, ...limits })}>
        <div className="relative h-7">
          <div className="absolute inset-x-0 top-2 flex h-3 gap-0.5 overflow-hidden rounded-full">
            <div className="bg-real-mid" style={{ width: `${bands.real_below * 100}%` }} />
            <div className="grow bg-uncertain-mid" />
            <div className="bg-ai-mid" style={{ width: `${(1 - bands.ai_above) * 100}%` }} />
          </div>
          <div
            className={`absolute top-0 h-7 w-2 -translate-x-1/2 rounded-full border-2 border-surface shadow-sm ${verdictStyles[label].solid}`}
            style={{ left: `${position}%` }}
          />
        </div>
        <div className="flex justify-between text-sm text-muted">
          <span>{t("scale.real")}</span>
          <span>{t("scale.ai")}</span>
        </div>
      </div>
    </div>
  );
}
