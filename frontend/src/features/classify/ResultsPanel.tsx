import { RotateCcw } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ReportBar } from "@/features/report/ReportBar";
import { focusSoon } from "@/shared/lib/focus";
import { Button } from "@/shared/ui/Button";
import { ConfirmButton } from "@/shared/ui/ConfirmButton";
import { VirtualList } from "@/shared/ui/VirtualList";
import { arrange, type Order, type Show } from "./arrange";
import { HoldNotice } from "./HoldNotice";
import { ListControls } from "./ListControls";
import { OverallProgress } from "./OverallProgress";
import { ChooseButton, chooseButtonId, FolderButton } from "./PictureButtons";
import { PictureCard } from "./PictureCard";
import { PictureRow } from "./PictureRow";
import { few, type ClassifyQueue, type Picture, type QueueState } from "./queue";
import { resultsHeadingId } from "./results-heading";
import { SkippedNotice } from "./SkippedNotice";
import { Summary } from "./Summary";

interface ResultsPanelProps {
  state: QueueState;
  queue: ClassifyQueue;
}

/** A few pictures are shown with their whole answers; many become a list to sort, sift and open. */
export function ResultsPanel({ state, queue }: ResultsPanelProps) {
  const { t, i18n } = useTranslation();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const [show, setShow] = useState<Show>("all");
  const [order, setOrder] = useState<Order>("added");
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { pictures, paused, hold, skipped } = state;
  const many = pictures.length > few;
  const listed = useMemo(
    () => (many ? arrange(pictures, { show, order, locale: i18n.language }) : pictures),
    [pictures, many, show, order, i18n.language],
  );

  const judged = useMemo(
    () => pictures.filter(({ phase }) => phase.kind === "done").map(({ file }) => file),
    [pictures],
  );

  // The button that had the focus went away with the start panel.
  useEffect(() => {
    headingRef.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);

  const startOver = (): void => {
    queue.clear();
    focusSoon(chooseButtonId);
  };

  return (
    <section aria-labelledby={resultsHeadingId} className="space-y-4 sm:space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <h1 ref={headingRef} id={resultsHeadingId} tabIndex={-1} className="sr-only">
          {t("results.heading")}
        </h1>
        {!many && <Summary pictures={pictures} />}
        <div className={`flex gap-2 max-sm:w-full max-sm:justify-between ${many ? "sm:w-full" : ""}`}>
          <ChooseButton compact onFiles={queue.add} />
          {many && <FolderButton compact onFiles={queue.add} />}
          {many ? (
            <ConfirmButton
              look="quiet"
              className="sm:ml-auto"
              question={t("queue.startOver.question")}
              explanation={t("queue.startOver.explanation", { count: pictures.length })}
              confirm={t("intake.reset")}
              onConfirm={startOver}
            >
              <RotateCcw aria-hidden="true" className="size-4" />
              {t("intake.reset")}
            </ConfirmButton>
          ) : (
            <Button look="quiet" onClick={startOver}>
              <RotateCcw aria-hidden="true" className="size-4" />
              {t("intake.reset")}
            </Button>
          )}
        </div>
      </div>
      <SkippedNotice skipped={skipped} />
      {(many || paused) && <OverallProgress state={state} queue={queue} />}
      {hold && !paused && <HoldNotice hold={hold} onAskNow={queue.askNow} />}
      {many && (
        <ListControls pictures={pictures} show={show} order={order} onShow={setShow} onOrder={setOrder} />
      )}
      {listed.length === 0 && <p className="py-8 text-center text-muted">{t("queue.none")}</p>}
      {many && <ReportBar files={judged} />}
      <VirtualList label={t("results.list")} items={listed} estimate={many ? 78 : 640} gap={many ? 8 : 20}>
        {(picture) =>
          many && !opened.has(picture.id) ? (
            <PictureRow
              picture={picture}
              onOpen={() => {
                setOpened(new Set(opened).add(picture.id));
                focusSoon(picture.id);
              }}
            />
          ) : (
            <PictureCard
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
                remove(picture);
              }}
              {...(many && {
                onClose: () => {
                  setOpened(new Set([...opened].filter((id) => id !== picture.id)));
                  focusSoon(picture.id, "button");
                },
              })}
            />
          )
        }
      </VirtualList>
      {!many && <ReportBar files={judged} />}
    </section>
  );

  function remove(picture: Picture): void {
    const index = listed.indexOf(picture);
    const neighbour = listed[index + 1] ?? listed[index - 1];
    queue.remove(picture.id);
    focusSoon(neighbour?.id ?? chooseButtonId);
  }
}
