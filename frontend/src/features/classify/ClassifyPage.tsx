import { lazy, Suspense, useEffect } from "react";
import { LoadBoundary } from "@/shared/ui/LoadBoundary";
import { Announcements } from "./Announcements";
import { useClassifier } from "./classifier";
import { StartPanel } from "./StartPanel";

// Not needed before there is a picture: it is fetched while the visitor reaches for one.
const fetchResultsPanel = async () => ({ default: (await import("./ResultsPanel")).ResultsPanel });
const ResultsPanel = lazy(fetchResultsPanel);

export function ClassifyPage() {
  const { state, queue } = useClassifier();
  const { pictures, skipped } = state;
  useEffect(() => {
    const reached = new AbortController();
    const prefetch = (): void => {
      reached.abort();
      void fetchResultsPanel().catch(() => undefined);
    };
    for (const event of ["pointerdown", "keydown", "dragenter"]) {
      document.addEventListener(event, prefetch, { signal: reached.signal, passive: true });
    }
    return () => {
      reached.abort();
    };
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
      <Announcements state={state} />
    </>
  );
}
