import type { ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import { Article, Section } from "./Article";
import { ModelFigures } from "./ModelFigures";

const steps = ["traces", "appearance", "tiny"] as const;
const limits = ["proof", "wrong", "edited", "copies", "sure"] as const;

interface AboutPageProps {
  back: ReactNode;
  /** The way to the model card. */
  more: ReactNode;
}

export function AboutPage({ back, more }: AboutPageProps) {
  const { t } = useTranslation();
  return (
    <Article title={t("about.title")} lead={t("about.lead")} back={back}>
      <Section title={t("about.how.heading")}>
        <p>{t("about.how.intro")}</p>
        <ul className="space-y-3">
          {steps.map((step) => (
            <li key={step} className="rounded-2xl bg-surface p-4">
              <Trans t={t} i18nKey={`about.how.${step}`} components={{ strong: <strong /> }} />
            </li>
          ))}
        </ul>
        <p>{t("about.how.calibration")}</p>
      </Section>
      <Section title={t("about.limits.heading")}>
        <ul className="list-disc space-y-2 pl-5 marker:text-muted">
          {limits.map((limit) => (
            <li key={limit}>{t(`about.limits.${limit}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={t("about.figures.heading")}>
        <ModelFigures />
        <p>{more}</p>
      </Section>
      <Section title={t("about.privacy.heading")}>
        <p>{t("about.privacy.text")}</p>
      </Section>
    </Article>
  );
}
