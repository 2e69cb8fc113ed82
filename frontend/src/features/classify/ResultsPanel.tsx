import { RotateCcw } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { ChooseButton, chooseButtonId } from "./PictureButtons";
import { PictureCard } from "./PictureCard";
import type { ClassifyQueue, Picture } from "./queue";
import { Summary } from "./Summary";

interface ResultsPanelProps {
  pictures: readonly Picture[];
  queue: ClassifyQueue;
  onFiles: (files: File[]) => void;
}

export function ResultsPanel({ pictures, queue, onFiles }: ResultsPanelProps) {
  const { t } = useTranslation();
  const headingRef = useRef<HTMLHeadingElement>(null);

  // The button that had the focus went away with the start panel.
  useEffect(() => {
    headingRef.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);

  const remove = (index: number): void => {
    const neighbour = pictures[index + 1] ?? pictures[index - 1];
    const picture = pictures[index];
    if (picture) queue.remove(picture.id);
    focusSoon(neighbour?.id ?? chooseButtonId);
  };

  return (
    <section aria-labelledby="results" className="space-y-4 sm:space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <h1 ref={headingRef} id="results" tabIndex={-1} className="sr-only">
            {t("results.heading")}
          </h1>
          <Summary pictures={pictures} />
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:justify-between">
          <ChooseButton compact onFiles={onFiles} />
          <Button
            look="quiet"
            onClick={() => {
              queue.clear();
              focusSoon(chooseButtonId);
            }}
          >
            <RotateCcw aria-hidden="true" className="size-4" />
            {t("intake.reset")}
          </Button>
        </div>
      </div>
      <ul aria-label={t("results.list")} className="space-y-4 sm:space-y-6">
        {pictures.map((picture, index) => (
          <PictureCard
            key={picture.id}
            picture={picture}
            onRetry={() => {
              queue.retry(picture.id);
              focusSoon(picture.id);
            }}
            onReplace={(files) => {
              const [first] = queue.replace(picture.id, files);
              focusSoon(first ?? chooseButtonId);
            }}
            onRemove={() => {
              remove(index);
            }}
          />
        ))}
      </ul>
    </section>
  );
}

/** Gives the focus a new place when the control that had it disappears. */
function focusSoon(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
