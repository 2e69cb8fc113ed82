import { useTranslation } from "react-i18next";
import { formatPercent } from "@/shared/lib/format";
import { problemKey } from "./problem-texts";
import type { Picture } from "./queue";

/** One sentence per finished picture for screen readers; a log announces what is added to it. */
export function Announcements({ pictures }: { pictures: readonly Picture[] }) {
  const { t, i18n } = useTranslation();
  return (
    <div role="log" aria-live="polite" aria-label={t("results.announcements")} className="sr-only">
      {pictures.map(({ id, file, phase }) => {
        const name = file.name || t("picture.unnamed");
        if (phase.kind === "done") {
          const { label, probability } = phase.verdict;
          const word = t(`verdict.${label}.word`);
          const percent = formatPercent(probability, i18n.language);
          return <p key={id}>{t("verdict.announce", { name, word, percent })}</p>;
        }
        if (phase.kind === "failed") {
          const title = t(`problem.${problemKey(phase.problem.slug)}.title`);
          return <p key={id}>{t("problem.announce", { name, title })}</p>;
        }
        return null;
      })}
    </div>
  );
}
