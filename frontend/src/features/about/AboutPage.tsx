import { useEffect, useRef, type ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import { ModelFigures } from "./ModelFigures";

const steps = ["traces", "appearance", "tiny"] as const;
const limits = ["proof", "wrong", "edited", "copies", "sure"] as const;

export function AboutPage({ back }: { back: ReactNode }) {
  const { t } = useTranslation();
  const headingRef = useRef<HTMLHeadingElement>(null);

  // A new page starts at its heading, for screen readers too.
  useEffect(() => {
    headingRef.current?.focus({ preventScroll: true });
  }, []);

  return (
    <article className="mx-auto max-w-2xl space-y-10">
      <header className="space-y-3">
        <h1
          ref={headingRef}
          tabIndex={-1}
          className="text-3xl leading-tight font-semibold tracking-tight sm:text-4xl"
        >
          {t("about.title")}
        </h1>
        <p className="text-lg text-muted">{t("about.lead")}</p>
      </header>
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
      </Section>
      <Section title={t("about.privacy.heading")}>
        <p>{t("about.privacy.text")}</p>
      </Section>
      <p>{back}</p>
    </article>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-4">
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}
