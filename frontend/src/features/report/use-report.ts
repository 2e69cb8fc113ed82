import { createContext, use, useSyncExternalStore } from "react";
import type { Reporter, ReportState } from "./reporter";

export const ReporterContext = createContext<Reporter | null>(null);

/** The report that is being made or was made last. */
export function useReport(): { state: ReportState; reporter: Reporter } {
  const reporter = use(ReporterContext);
  if (!reporter) throw new Error("useReport needs a ReporterContext above it.");
  return { reporter, state: useSyncExternalStore(reporter.subscribe, reporter.getSnapshot) };
}
