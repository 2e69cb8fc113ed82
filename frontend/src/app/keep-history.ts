import type { ClassifyQueue } from "@/features/classify/queue";
import { historyIsOn, onHistorySwitched, permission } from "@/features/history/setting";

/**
 * Keeps verdicts in this browser while a person wants it, those included that are on the page when it is switched
 * on. One at a time, behind the checks; where the browser keeps nothing, the page works all the same.
 */
export function keepHistory(queue: ClassifyQueue, onKept: () => void): void {
  const seen = new Set<string>();
  let last = Promise.resolve();

  const look = (): void => {
    if (!historyIsOn()) return;
    for (const { file, phase } of queue.getSnapshot().pictures) {
      if (phase.kind !== "done" || seen.has(phase.verdict.id)) continue;
      const { verdict } = phase;
      seen.add(verdict.id);
      const permitted = permission();
      const allowed = (): boolean => {
        // Not kept now, but when the history is switched on again.
        if (!historyIsOn()) seen.delete(verdict.id);
        return permitted();
      };
      last = last
        .then(async () => {
          if (!allowed()) return;
          const { recordVerdict } = await import("@/features/history/record");
          await recordVerdict(file, verdict, allowed);
          onKept();
        })
        .catch(() => undefined);
    }
  };
  queue.subscribe(look);
  onHistorySwitched(look);
}
