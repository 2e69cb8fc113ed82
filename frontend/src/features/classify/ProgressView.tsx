import { useTranslation } from "react-i18next";
import { formatShare } from "@/shared/lib/format";
import type { Phase } from "./queue";

export type WorkingPhase = Extract<Phase, { kind: "queued" | "uploading" | "waiting" | "retrying" }>;

export function ProgressView({ phase, name }: { phase: WorkingPhase; name: string }) {
  const { t, i18n } = useTranslation();
  const sent = phase.kind === "uploading" ? Math.round(phase.sent * 100) : undefined;

  return (
    <div className="space-y-3 py-2">
      <p className="font-medium">{text()}</p>
      <div
        role="progressbar"
        aria-label={t("progress.label", { name })}
        aria-valuetext={text()}
        {...(sent === undefined ? {} : { "aria-valuenow": sent, "aria-valuemin": 0, "aria-valuemax": 100 })}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        {sent !== undefined && (
          <div className="h-full rounded-full bg-ink transition-[width]" style={{ width: `${sent}%` }} />
        )}
        {phase.kind === "waiting" && <div className="h-full w-1/3 animate-sweep rounded-full bg-ink" />}
      </div>
    </div>
  );

  function text(): string {
    switch (phase.kind) {
      case "uploading":
        return t("progress.uploading", {
          percent: formatShare(Math.round(phase.sent * 100) / 100, i18n.language),
        });
      case "retrying":
        return t("progress.retrying", { count: Math.ceil(phase.waitMs / 1000) });
      default:
        return t(`progress.${phase.kind}`);
    }
  }
}
