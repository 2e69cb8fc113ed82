import {
  Braces,
  Check,
  FileArchive,
  FileText,
  Hourglass,
  Sheet,
  TriangleAlert,
  X,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { leavesFocusTo } from "@/shared/lib/focus";
import { formatShare } from "@/shared/lib/format";
import { problemKey } from "@/shared/lib/problem-texts";
import { reportFormats, type ReportFormat } from "./report";
import type { ReportState } from "./reporter";
import { useReport } from "./use-report";

const icons: Record<ReportFormat, LucideIcon> = { pdf: FileText, zip: FileArchive, csv: Sheet, json: Braces };

/** Used until the server has told its own limits: its defaults. */
const defaultLimits = { max_images: 100, max_batch_bytes: 200 * 1024 * 1024 };

const headingId = "report-heading";
const leavesFocus = leavesFocusTo(headingId);

type Working = Extract<ReportState, { part: number }>;

/** One tap downloads a document about the given pictures. */
export function ReportBar({ files }: { files: readonly File[] }) {
  const { t } = useTranslation();
  const { data: model } = useModel();
  const { state, reporter } = useReport();
  const working = "part" in state;

  if (files.length === 0 && !working) return null;
  return (
    <section aria-label={t("report.label")} className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id={headingId} tabIndex={-1} className="text-sm text-muted">
          {t("report.heading")}
        </h2>
        <ul className="flex flex-wrap gap-1.5">
          {reportFormats.map((format) => {
            const Icon = icons[format];
            return (
              <li key={format}>
                <button
                  type="button"
                  aria-disabled={working}
                  aria-label={t(`report.hint.${format}`)}
                  title={t(`report.hint.${format}`)}
                  onClick={() => {
                    if (!working) void reporter.start(files, format, model?.limits ?? defaultLimits);
                  }}
                  className="inline-flex min-h-11 items-center gap-1.5 rounded-full border border-line px-3.5 text-sm font-medium hover:bg-sunken aria-disabled:opacity-50"
                >
                  <Icon aria-hidden="true" className="size-4" />
                  {t(`report.${format}`)}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {working && (
        <div ref={leavesFocus} className="flex items-center gap-3 text-sm">
          <Progress state={state} />
          <button
            type="button"
            aria-label={t("report.cancel")}
            title={t("report.cancel")}
            onClick={reporter.cancel}
            className="grid size-11 shrink-0 place-items-center rounded-full hover:bg-sunken"
          >
            <X aria-hidden="true" className="size-5" />
          </button>
        </div>
      )}
      <p role="status" className="text-sm empty:sr-only">
        {state.kind === "waiting" && (
          <span className="flex items-start gap-2 text-muted">
            <Hourglass aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            {t("report.goesOn", { title: t(`problem.${problemKey(state.problem.slug)}.title`) })}
          </span>
        )}
        {state.kind === "saved" && (
          <span className="flex items-start gap-2 text-muted">
            <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            <span className="min-w-0 wrap-anywhere">{t("report.saved", { name: state.name })}</span>
          </span>
        )}
        {state.kind === "failed" && (
          <span className="flex items-start gap-2 text-problem">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            <span className="min-w-0 wrap-anywhere">
              {t("report.failed", { title: t(`problem.${problemKey(state.problem.slug)}.title`) })}
              {state.problem.info.detail && ` ${state.problem.info.detail}`}
            </span>
          </span>
        )}
      </p>
    </section>
  );
}

function Progress({ state }: { state: Working }) {
  const { t, i18n } = useTranslation();
  const { kind, part, parts } = state;
  const sent = kind === "sending" ? Math.round(state.sent * 100) : undefined;
  const text =
    sent === undefined
      ? t(kind === "waiting" ? "report.waiting" : "report.making")
      : t("report.sending", { percent: formatShare(sent / 100, i18n.language) });
  return (
    <div className="min-w-0 grow space-y-1.5">
      <p>
        {parts > 1 && `${t("report.part", { part, parts })} · `}
        {text}
      </p>
      <div
        role="progressbar"
        aria-label={t("report.progress")}
        aria-valuetext={text}
        {...(sent === undefined ? {} : { "aria-valuenow": sent, "aria-valuemin": 0, "aria-valuemax": 100 })}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={`h-full rounded-full bg-ink ${sent === undefined ? "w-1/3 animate-sweep" : ""}`}
          style={sent === undefined ? {} : { width: `${sent}%` }}
        />
      </div>
    </div>
  );
}
