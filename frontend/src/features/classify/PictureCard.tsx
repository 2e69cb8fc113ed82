import { ChevronUp, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PicturePreview } from "./PicturePreview";
import { ProblemView } from "./ProblemView";
import { ProgressView } from "./ProgressView";
import type { Picture } from "./queue";
import { VerdictEvidence } from "./VerdictEvidence";
import { VerdictView } from "./VerdictView";

interface PictureCardProps {
  picture: Picture;
  onRetry: () => void;
  onReplace: (files: File[]) => void;
  onRemove: () => void;
  /** Where the card can be folded into a row of a list. */
  onClose?: (() => void) | undefined;
}

export function PictureCard({ picture, onRetry, onReplace, onRemove, onClose }: PictureCardProps) {
  const { t } = useTranslation();
  const { file, phase } = picture;
  const name = file.name || t("picture.unnamed");

  return (
    <article
      aria-label={name}
      className="grid overflow-hidden rounded-3xl border border-line bg-surface md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]"
    >
      <div className="bg-sunken md:bg-transparent md:py-6 md:pl-6">
        <PicturePreview file={file} name={name} failed={phase.kind === "failed"} />
      </div>
      <div className="min-w-0 p-4 pt-2 sm:p-6 sm:pt-4">
        <div className="flex items-center justify-between gap-2 pb-2">
          <h2 className="min-w-0 truncate text-sm text-muted" title={name}>
            {name}
          </h2>
          {onClose && (
            <button
              type="button"
              aria-label={t("queue.close", { name })}
              aria-expanded
              onClick={onClose}
              className="-my-1 ml-auto grid size-11 shrink-0 place-items-center rounded-full hover:bg-sunken"
            >
              <ChevronUp aria-hidden="true" className="size-5" />
            </button>
          )}
          <button
            type="button"
            aria-label={t("picture.remove", { name })}
            onClick={onRemove}
            className="-mr-2 grid size-11 shrink-0 place-items-center rounded-full hover:bg-sunken"
          >
            <X aria-hidden="true" className="size-5" />
          </button>
        </div>
        {phase.kind === "done" ? (
          <VerdictView verdict={phase.verdict} />
        ) : phase.kind === "failed" ? (
          <ProblemView problem={phase.problem} onRetry={onRetry} onReplace={onReplace} />
        ) : (
          <ProgressView phase={phase} name={name} />
        )}
      </div>
      {phase.kind === "done" && (
        <div className="px-4 pb-2 sm:px-6 md:col-span-2">
          <VerdictEvidence file={file} name={name} verdict={phase.verdict} requestId={phase.requestId} />
        </div>
      )}
    </article>
  );
}
