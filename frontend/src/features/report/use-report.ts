import { useEffect, useRef, useState } from "react";
import { Problem } from "@/shared/api/problem";
import type { Limits } from "@/shared/api/types";
import { fetchReport, save, splitForReports, type ReportFormat } from "./report";

export type ReportState =
  | { kind: "idle" }
  | { kind: "sending"; sent: number; part: number; parts: number }
  | { kind: "making"; part: number; parts: number }
  | { kind: "saved"; name: string }
  | { kind: "failed"; problem: Problem };

/** One report at a time, in as many parts as it needs, each saved as it arrives. */
export function useReport(limits: Pick<Limits, "max_images" | "max_batch_bytes">) {
  const [state, setState] = useState<ReportState>({ kind: "idle" });
  const running = useRef<AbortController>(null);

  const cancel = (): void => {
    running.current?.abort();
    running.current = null;
    setState({ kind: "idle" });
  };
  useEffect(() => () => running.current?.abort(), []);

  const start = async (files: readonly File[], format: ReportFormat): Promise<void> => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    const chunks = splitForReports(files, limits);
    const parts = chunks.length;
    try {
      for (const [index, chunk] of chunks.entries()) {
        const part = index + 1;
        setState({ kind: "sending", sent: 0, part, parts });
        const report = await fetchReport(chunk, format, {
          signal: controller.signal,
          onProgress: (sent) => {
            setState(sent < 1 ? { kind: "sending", sent, part, parts } : { kind: "making", part, parts });
          },
        });
        const name = parts > 1 ? numbered(report.name, part) : report.name;
        save({ ...report, name });
        setState({ kind: "saved", name });
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      setState({ kind: "failed", problem: error instanceof Problem ? error : new Problem("other") });
    }
  };

  return { state, start, cancel };
}

function numbered(name: string, part: number): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)}-${part}${name.slice(dot)}` : `${name}-${part}`;
}
