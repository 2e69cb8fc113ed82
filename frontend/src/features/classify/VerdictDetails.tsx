import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Verdict } from "@/shared/api/types";
import { expertName } from "@/shared/lib/experts";
import { formatBytes, formatMilliseconds, formatPercent } from "@/shared/lib/format";
import { Disclosure } from "@/shared/ui/Disclosure";

interface VerdictDetailsProps {
  verdict: Verdict;
  requestId: string | undefined;
}

export function VerdictDetails({ verdict, requestId }: VerdictDetailsProps) {
  const { t, i18n } = useTranslation();
  const { image, model, timings_ms: timings } = verdict;
  const time = (ms: number): string => formatMilliseconds(ms, i18n.language);

  return (
    <Disclosure title={t("details.summary")}>
      <div className="space-y-5 text-sm">
        <section className="space-y-3">
          <h3 className="font-medium">{t("details.checks")}</h3>
          {verdict.experts.map(({ name, probability }) => {
            const percent = formatPercent(probability, i18n.language);
            return (
              <div key={name}>
                <div className="flex flex-wrap justify-between gap-x-4">
                  <span>{expertName(t, name)}</span>
                  <span className="text-muted tabular-nums">{t("details.expertChance", { percent })}</span>
                </div>
                <div aria-hidden="true" className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
                  <div className="h-full rounded-full bg-ink/70" style={{ width: `${probability * 100}%` }} />
                </div>
              </div>
            );
          })}
        </section>
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
          <Fact name={t("details.format")}>{image.format}</Fact>
          <Fact name={t("details.dimensions")}>
            {t("details.size", {
              width: image.width,
              height: image.height,
              bytes: formatBytes(image.bytes, i18n.language),
            })}
          </Fact>
          <Fact name={t("details.model")}>
            {t("details.modelVersion", { name: model.name, version: model.version })}
          </Fact>
          <Fact name={t("details.time")}>
            {t("details.times", {
              total: time(timings.total),
              decode: time(timings.decode),
              queue: time(timings.queue),
              inference: time(timings.inference),
            })}
          </Fact>
          {requestId && (
            <Fact name={t("details.requestId")}>
              <span className="font-mono text-xs break-all">{requestId}</span>
            </Fact>
          )}
        </dl>
      </div>
    </Disclosure>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="sm:contents">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
