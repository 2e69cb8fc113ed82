import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/shared/lib/format";
import { problemKey } from "@/shared/lib/problem-texts";
import { countOutcomes } from "./arrange";
import { few, type Picture, type QueueState } from "./queue";

const steps = 10;

/**
 * What screen readers are told; a log announces what is added to it. Of a few pictures each answer, of many how far
 * they are, in tenths, and what came out in the end; and why nothing is sent, when that is so.
 */
export function Announcements({ state }: { state: QueueState }) {
  const { t, i18n } = useTranslation();
  const { pictures, paused, hold } = state;
  return (
    <div role="log" aria-live="polite" aria-label={t("results.announcements")} className="sr-only">
      {pictures.length > few ? (
        <Together pictures={pictures} t={t} />
      ) : (
        pictures.map((picture) => {
          const sentence = announce(picture, t, i18n.language);
          return sentence && <p key={picture.id}>{sentence}</p>;
        })
      )}
      {paused && <p>{t("queue.paused")}</p>}
      {hold && !paused && <p>{t(`problem.${problemKey(hold.problem.slug)}.title`)}</p>}
    </div>
  );
}

function Together({ pictures, t }: { pictures: readonly Picture[]; t: TFunction }) {
  const counts = countOutcomes(pictures);
  const total = pictures.length;
  const step = Math.floor(((total - counts.working) / total) * steps);
  if (step === 0) return null;
  const parts = (["ai", "real", "uncertain", "failed"] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`results.${kind}`, { count: counts[kind] }));
  return step < steps ? (
    <p key={step}>{t("queue.progress", { done: Math.floor((total * step) / steps), total })}</p>
  ) : (
    <p key="end">{[t("results.count", { count: total }), ...parts].join(", ")}</p>
  );
}

function announce({ file, phase }: Picture, t: TFunction, language: string): string | null {
  const name = file.name || t("picture.unnamed");
  if (phase.kind === "done") {
    const { label, probability } = phase.verdict;
    const word = t(`verdict.${label}.word`);
    return t("verdict.announce", { name, word, percent: formatPercent(probability, language) });
  }
  if (phase.kind === "failed") {
    return t("problem.announce", { name, title: t(`problem.${problemKey(phase.problem.slug)}.title`) });
  }
  return null;
}
