import { Pause, Play, RotateCcw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { verdictStyles } from "@/shared/ui/verdict-style";
import { countOutcomes } from "./arrange";
import { leavesFocusToResults } from "./results-heading";
import { canRetry, type ClassifyQueue, type QueueState } from "./queue";

/** How far all pictures together are, what came out so far, and what can be done about the rest. */
export function OverallProgress({ state, queue }: { state: QueueState; queue: ClassifyQueue }) {
  const { t } = useTranslation();
  const { pictures, paused } = state;
  const counts = countOutcomes(pictures);
  const total = pictures.length;
  const done = total - counts.working;
  const failed = pictures.filter(({ phase }) => canRetry(phase)).length;
  const working = counts.working > 0;
  const text = working ? t("queue.progress", { done, total }) : t("results.count", { count: total });

  return (
    <section aria-label={t("queue.overall")} className="space-y-3">
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-2 gap-y-1">
        <p className="text-lg font-semibold tracking-tight tabular-nums">{text}</p>
        <div className="-mr-3 flex flex-wrap">
          {!working && failed > 0 && (
            <div ref={leavesFocusToResults} className="contents">
              <Button look="quiet" className="px-3!" onClick={queue.retryFailed}>
                <RotateCcw aria-hidden="true" className="size-4" />
                {t("queue.retryFailed", { count: failed })}
              </Button>
            </div>
          )}
          {working && (
            <div ref={leavesFocusToResults} className="contents">
              <Button look="quiet" className="px-3!" onClick={paused ? queue.resume : queue.pause}>
                {paused ? (
                  <Play aria-hidden="true" className="size-4" />
                ) : (
                  <Pause aria-hidden="true" className="size-4" />
                )}
                {paused ? t("queue.resume") : t("queue.pause")}
              </Button>
              <Button look="quiet" className="px-3!" onClick={queue.stop}>
                <X aria-hidden="true" className="size-4" />
                {t("queue.stop")}
              </Button>
            </div>
          )}
        </div>
      </div>
      <div
        role="progressbar"
        aria-label={t("queue.overall")}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={text}
        className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-line"
      >
        {(["real", "uncertain", "ai"] as const).map((label) => (
          <div
            key={label}
            className={`transition-[width] duration-300 ${verdictStyles[label].solid}`}
            style={{ width: `${(counts[label] / total) * 100}%` }}
          />
        ))}
        <div
          className="bg-problem transition-[width] duration-300"
          style={{ width: `${(counts.failed / total) * 100}%` }}
        />
      </div>
      {paused && <p className="text-muted">{t("queue.paused")}</p>}
    </section>
  );
}
