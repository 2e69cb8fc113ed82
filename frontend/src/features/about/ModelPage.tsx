import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import type { ServedModel } from "@/shared/api/types";
import { expertName } from "@/shared/lib/experts";
import { formatShare } from "@/shared/lib/format";
import { DataTable } from "@/shared/ui/DataTable";
import { Disclosure } from "@/shared/ui/Disclosure";
import { AllFigures } from "./AllFigures";
import { Article, Section } from "./Article";
import { CardTables } from "./CardTables";
import { TrainingData } from "./TrainingData";

/** The model card as the server publishes it: whatever figures and tables it holds are shown. */
export function ModelPage({ back }: { back: ReactNode }) {
  const { t } = useTranslation();
  const { data: model, isPending } = useModel();
  return (
    <Article title={t("model.title")} lead={t("model.lead")} back={back}>
      {model ? (
        <Card model={model} />
      ) : (
        <p role="status" className="text-muted">
          {t(isPending ? "about.figures.loading" : "about.figures.failed")}
        </p>
      )}
    </Article>
  );
}

function Card({ model }: { model: ServedModel }) {
  const { t, i18n } = useTranslation();
  const { card } = model;
  return (
    <>
      <Section title={t("model.facts")}>
        <Facts
          facts={[
            [t("model.name"), t("details.modelVersion", { name: card.name, version: card.version })],
            [t("model.created"), date(card.created)],
            [t("model.engine"), model.engine],
          ]}
        />
      </Section>
      <p className="text-sm text-muted">{t("model.english")}</p>
      {Object.keys(card.figures).length > 0 && (
        <Section title={t("model.figures")}>
          <AllFigures figures={card.figures} explained={card.figures_explained} />
        </Section>
      )}
      <CardTables tables={card.tables} />
      <Section title={t("model.limits")}>
        <ul lang="en" className="list-disc space-y-2 pl-5 marker:text-muted">
          {card.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Section>
      <Section title={t("model.parts")}>
        <div className="border-b border-line">
          {Object.entries(card.experts).map(([name, expert]) => (
            <Disclosure
              key={name}
              title={expertName(t, name)}
              hint={model.experts.includes(name) ? undefined : t("model.notLoaded")}
            >
              <div lang="en" className="space-y-3">
                <p>{expert.description}</p>
                <Facts
                  facts={[
                    [t("model.input"), expert.input],
                    [t("model.origin"), expert.origin],
                    [t("model.license"), expert.licence],
                    ...Object.values(expert.files).map((file): [string, string] => [
                      file.path,
                      `SHA-256 ${file.sha256}`,
                    ]),
                  ]}
                />
              </div>
            </Disclosure>
          ))}
        </div>
      </Section>
      <Section title={t("model.calibration")}>
        <p lang="en">{card.calibration}</p>
        <DataTable
          label={t("model.calibration")}
          columns={[t("model.stackExperts"), t("model.realBelow"), t("model.aiAbove")]}
          rows={card.stacks.map(({ experts, bands }) => ({
            key: experts.join(),
            cells: [
              experts.map((name) => expertName(t, name)).join(" + "),
              formatShare(bands.real_below, i18n.language),
              formatShare(bands.ai_above, i18n.language),
            ],
          }))}
        />
      </Section>
      <Section title={t("model.training")}>
        <TrainingData data={card.training_data} />
      </Section>
    </>
  );

  function date(text: string): string {
    const day = new Date(text);
    return Number.isNaN(day.getTime())
      ? text
      : new Intl.DateTimeFormat(i18n.language, { dateStyle: "long", timeZone: "UTC" }).format(day);
  }
}

function Facts({ facts }: { facts: [name: string, value: string][] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="sm:contents">
          <dt className="wrap-anywhere text-muted sm:max-w-48">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
