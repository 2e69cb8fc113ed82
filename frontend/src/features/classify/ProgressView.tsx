import { useTranslation } from "react-i18next";
import { formatShare } from "@/shared/lib/format";
import type { Phase } from "./queue";

export type WorkingPhase = Extract<Phase, { kind: "queued" | "uploading" | "waiting" }>;

interface ProgressViewProps {
  phase: WorkingPhase;
  name: string;
  /** In a row of a list. */
  compact?: boolean;
}

export function ProgressView({ phase, name, compact = false }: ProgressViewProps) {
  const { t, i18n } = useTranslation();
  const sent = phase.kind === "uploading" ? Math.round(phase.sent * 100) : undefined;
  const text =
    sent === undefined
      ? t(`progress.${phase.kind}`)
      : t("progress.uploading", { percent: formatShare(sent / 100, i18n.language) });

  // Inside a button, so without blocks; hundreds of idle bars would say nothing.
  const idle = compact && phase.kind === "queued";
  return (
    <span className={`block ${compact ? "space-y-1" : "space-y-3 py-2"}`}>
      <span className={`block font-medium ${idle ? "text-muted" : ""}`}>{text}</span>
      {!idle && (
        <span
          role="progressbar"
          aria-label={t("progress.label", { name })}
          aria-valuetext={text}
          {...(sent === undefined ? {} : { "aria-valuenow": sent, "aria-valuemin": 0, "aria-valuemax": 100 })}
          className={`block overflow-hidden rounded-full bg-sunken ${compact ? "h-1" : "h-2"}`}
        >
          {sent !== undefined && (
            <span
              className="block h-full rounded-full bg-ink transition-[width]"
              style={{ width: `${sent}%` }}
            />
          )}
          {phase.kind === "waiting" && (
            <span className="block h-full w-1/3 animate-sweep rounded-full bg-ink" />
          )}
        </span>
      )}
    </span>
  );
}
