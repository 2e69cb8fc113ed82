import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PicturePreview } from "./PicturePreview";
import { ProblemView } from "./ProblemView";
import { ProgressView } from "./ProgressView";
import type { Picture } from "./queue";
import { VerdictView } from "./VerdictView";

interface PictureCardProps {
  picture: Picture;
  onRetry: () => void;
  onReplace: (files: File[]) => void;
  onRemove: () => void;
}

export function PictureCard({ picture, onRetry, onReplace, onRemove }: PictureCardProps) {
  const { t } = useTranslation();
  const { id, file, url, phase } = picture;
  const name = file.name || t("picture.unnamed");

  return (
    <li
      id={id}
      tabIndex={-1}
      className="grid scroll-mt-4 overflow-hidden rounded-3xl border border-line bg-surface md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]"
    >
      <div className="bg-sunken md:bg-transparent md:py-6 md:pl-6">
        <PicturePreview url={url} name={name} failed={phase.kind === "failed"} />
      </div>
      <div className="min-w-0 p-4 pt-2 sm:p-6 sm:pt-4">
        <div className="flex items-center justify-between gap-2 pb-2">
          <h2 className="min-w-0 truncate text-sm text-muted" title={name}>
            {name}
          </h2>
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
          <VerdictView verdict={phase.verdict} requestId={phase.requestId} />
        ) : phase.kind === "failed" ? (
          <ProblemView problem={phase.problem} onRetry={onRetry} onReplace={onReplace} />
        ) : (
          <ProgressView phase={phase} name={name} />
        )}
      </div>
    </li>
  );
}
