import { useTranslation } from "react-i18next";
import en from "@/locales/en.json";
import type { Verdict } from "@/shared/api/types";
import { useSentence } from "./sentence";

type Signal = Verdict["provenance"]["signals"][number];

const statusStyles: Record<Signal["status"], string> = {
  found: "bg-sunken text-ink",
  absent: "bg-sunken text-muted",
  invalid: "bg-problem-soft text-problem",
  "not-checked": "bg-sunken text-muted",
};

const pointStyles = {
  ai: "bg-ai-soft text-ai",
  camera: "bg-real-soft text-real",
  edited: "bg-uncertain-soft text-uncertain",
} as const;

const order: Signal["status"][] = ["found", "invalid", "not-checked", "absent"];

/** What the file says about its own origin, one entry a source, apart from what the pixels say. */
export function MarksPanel({ signals }: { signals: readonly Signal[] }) {
  const { t } = useTranslation();
  const sorted = [...signals].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <div className="space-y-4 text-sm">
      <p className="text-muted">{t("marks.note")}</p>
      <ul aria-label={t("marks.list")} className="space-y-2.5">
        {sorted.map((signal) => (
          <Entry key={signal.source} signal={signal} />
        ))}
      </ul>
    </div>
  );
}

function Entry({ signal }: { signal: Signal }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { source, status, points_to: pointsTo } = signal;
  const details = Object.entries(signal.details);
  return (
    <li data-signal={source} className="space-y-2 rounded-2xl border border-line p-3.5 sm:p-4">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <h4 className="mr-auto font-medium">{t(`marks.source.${source}`)}</h4>
        {pointsTo && <Badge style={pointStyles[pointsTo]}>{t(`marks.pointsTo.${pointsTo}`)}</Badge>}
        <Badge style={statusStyles[status]}>{t(`marks.status.${status}`)}</Badge>
      </div>
      <p className="break-words">{sentence(signal.code, signal.details, signal.summary)}</p>
      {details.length > 0 && (
        <table className="w-full border-t border-line text-muted">
          <caption className="sr-only">{t("marks.details")}</caption>
          <tbody>
            {details.map(([name, value]) => (
              <tr key={name} className="align-top">
                <th scope="row" className="w-2/5 py-1 pr-4 text-left font-normal break-words sm:w-48">
                  {name in en.marks.detail ? t(`marks.detail.${name as keyof typeof en.marks.detail}`) : name}
                </th>
                <td className="py-1 wrap-anywhere whitespace-pre-line text-ink">
                  {typeof value === "string" ? value : value.join("\n")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

function Badge({ style, children }: { style: string; children: string }) {
  return <span className={`rounded-full px-2.5 py-0.5 text-xs font-medium ${style}`}>{children}</span>;
}
