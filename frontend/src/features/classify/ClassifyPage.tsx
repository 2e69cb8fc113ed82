import { lazy, Suspense, useEffect } from "react";
import { LoadBoundary } from "@/shared/ui/LoadBoundary";
import { Announcements } from "./Announcements";
import { useClassifier } from "./classifier";
import { StartPanel } from "./StartPanel";

// Not needed before there is a picture, but soon: it is on its way as soon as the page can be used.
const fetchResultsPanel = async () => ({ default: (await import("./ResultsPanel")).ResultsPanel });
const ResultsPanel = lazy(fetchResultsPanel);

export function ClassifyPage() {
  const { state, queue } = useClassifier();
  const { pictures, skipped } = state;
  useEffect(() => {
    void fetchResultsPanel().catch(() => undefined);
  }, []);
  return (
    <>
      {pictures.length === 0 ? (
        <StartPanel onFiles={queue.add} skipped={skipped} />
      ) : (
        <LoadBoundary>
          <Suspense fallback={<div className="min-h-dvh" />}>
            <ResultsPanel state={state} queue={queue} />
          </Suspense>
        </LoadBoundary>
      )}
      <Announcements pictures={pictures} />
    </>
  );
}
