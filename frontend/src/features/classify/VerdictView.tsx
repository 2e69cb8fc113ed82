import { Trans, useTranslation } from "react-i18next";
import { Contradiction } from "@/features/evidence/PlainWords";
import type { Verdict } from "@/shared/api/types";
import { formatPercent, formatShare } from "@/shared/lib/format";
import { inWords } from "./probability";
import { ProbabilityScale } from "./ProbabilityScale";
import { verdictStyles } from "@/shared/ui/verdict-style";

export function VerdictView({ verdict }: { verdict: Verdict }) {
  const { t, i18n } = useTranslation();
  const { label, probability, bands } = verdict;
  const style = verdictStyles[label];

  return (
    <div className="animate-arrive space-y-5" data-verdict={label}>
      <div className={`rounded-2xl p-4 sm:p-5 ${style.soft}`}>
        <div className="flex items-center gap-3">
          <span
            className={`grid size-11 shrink-0 place-items-center rounded-full text-surface ${style.solid}`}
          >
            <style.icon aria-hidden="true" className="size-6" />
          </span>
          <p className={`text-2xl leading-tight font-semibold tracking-tight ${style.text}`}>
            {t(`verdict.${label}.word`)}
          </p>
        </div>
        <p className="mt-3 mb-2 text-lg [&_strong]:text-xl [&_strong]:font-semibold [&_strong]:tabular-nums">
          <Trans
            t={t}
            i18nKey="verdict.chance"
            values={{
              percent: formatPercent(probability, i18n.language),
              words: t(`probability.${inWords(probability)}`),
            }}
            components={{ strong: <strong /> }}
          />
        </p>
        <ProbabilityScale label={label} probability={probability} bands={bands} />
        <p className="mt-2 text-sm text-muted">
          {t("scale.caption", {
            realBelow: formatShare(bands.real_below, i18n.language),
            aiAbove: formatShare(bands.ai_above, i18n.language),
          })}
        </p>
      </div>

      <p>{t(`verdict.${label}.meaning`)}</p>
      <Contradiction summary={verdict.summary} />
    </div>
  );
}
