import { Info } from "lucide-react";
import { Trans, useTranslation } from "react-i18next";
import type { Verdict } from "@/shared/api/types";
import { formatPercent, formatShare } from "@/shared/lib/format";
import { noteKey } from "./notes";
import { inWords } from "./probability";
import { ProbabilityScale } from "./ProbabilityScale";
import { VerdictDetails } from "./VerdictDetails";
import { verdictStyles } from "./verdict-style";

interface VerdictViewProps {
  verdict: Verdict;
  requestId: string | undefined;
}

export function VerdictView({ verdict, requestId }: VerdictViewProps) {
  const { t, i18n } = useTranslation();
  const { label, probability, bands } = verdict;
  const style = verdictStyles[label];
  const notes = [...verdict.model.missing.map((name) => `missing-${name}`), ...verdict.image.notes];

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

      <div className="space-y-2">
        <p>{t(`verdict.${label}.meaning`)}</p>
        <p className="text-sm text-muted">{t("verdict.limits")}</p>
      </div>

      {notes.length > 0 && (
        <ul aria-label={t("notes.heading")} className="space-y-2">
          {notes.map((code) => {
            const key = noteKey(code);
            return (
              <li key={code} className="flex gap-2.5 rounded-xl bg-sunken px-3.5 py-3 text-sm">
                <Info aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
                <span>{t(`notes.${key}`, { code })}</span>
              </li>
            );
          })}
        </ul>
      )}

      <VerdictDetails verdict={verdict} requestId={requestId} />
    </div>
  );
}
