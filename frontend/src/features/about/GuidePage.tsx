import type { ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import { Disclosure } from "@/shared/ui/Disclosure";
import { Article, Section } from "./Article";

const steps = ["choose", "read", "words", "where", "marks", "keep"] as const;
const advice = ["original", "large", "whole", "several", "ask"] as const;
const troubles = ["unreachable", "busy", "refused", "preview", "map", "copies", "wrong", "report"] as const;

export function GuidePage({ back }: { back: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Article title={t("guide.title")} lead={t("guide.lead")} back={back}>
      <Section title={t("guide.use.heading")}>
        <ol className="space-y-3">
          {steps.map((step, index) => (
            <li key={step} className="flex gap-4 rounded-2xl bg-surface p-4">
              <span
                aria-hidden="true"
                className="grid size-8 shrink-0 place-items-center rounded-full bg-sunken text-sm font-semibold tabular-nums"
              >
                {index + 1}
              </span>
              <p>
                <Trans t={t} i18nKey={`guide.use.${step}`} components={{ strong: <strong /> }} />
              </p>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={t("guide.best.heading")}>
        <ul className="list-disc space-y-2 pl-5 marker:text-muted">
          {advice.map((one) => (
            <li key={one}>{t(`guide.best.${one}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={t("guide.trouble.heading")}>
        <div className="border-b border-line">
          {troubles.map((one) => (
            <Disclosure key={one} title={t(`guide.trouble.${one}.q`)}>
              <p>{t(`guide.trouble.${one}.a`)}</p>
            </Disclosure>
          ))}
        </div>
      </Section>
    </Article>
  );
}
