import { Image, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/shared/lib/format";
import { useObjectUrl } from "@/shared/lib/object-url";
import { ConfirmButton } from "@/shared/ui/ConfirmButton";
import { verdictStyles } from "@/shared/ui/verdict-style";
import type { HistoryEntry } from "./store";

interface HistoryRowProps {
  entry: HistoryEntry;
  onRemove: () => void;
}

export function HistoryRow({ entry, onRemove }: HistoryRowProps) {
  const { t, i18n } = useTranslation();
  const { label, probability, model, thumbnail } = entry;
  const name = entry.name || t("picture.unnamed");
  const { icon: Icon, text } = verdictStyles[label];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });

  return (
    <div className="flex items-center gap-3.5 rounded-2xl border border-line bg-surface p-2.5">
      <span className="grid size-16 shrink-0 place-items-center overflow-hidden rounded-xl bg-sunken text-muted">
        {thumbnail ? <Thumbnail blob={thumbnail} /> : <Image aria-hidden="true" className="size-5" />}
      </span>
      <div className="min-w-0 grow">
        <p className="truncate text-sm text-muted" title={name}>
          {name}
        </p>
        <p className={`flex flex-wrap items-center gap-x-1.5 font-semibold ${text}`}>
          <Icon aria-hidden="true" className="size-4 shrink-0" />
          {t(`queue.word.${label}`)}
          <span className="font-normal text-ink tabular-nums">
            {t("details.expertChance", { percent: formatPercent(probability, i18n.language) })}
          </span>
        </p>
        <p className="flex flex-wrap gap-x-2 text-xs text-muted">
          <time dateTime={new Date(entry.at).toISOString()}>{time.format(entry.at)}</time>
          <span>{model}</span>
        </p>
      </div>
      <ConfirmButton
        look="quiet"
        className="w-11 shrink-0 px-0!"
        aria-label={t("history.delete.label", { name })}
        question={t("history.delete.question")}
        explanation={t("history.delete.explanation", { name })}
        confirm={t("history.delete.button")}
        onConfirm={onRemove}
      >
        <Trash2 aria-hidden="true" className="size-5" />
      </ConfirmButton>
    </div>
  );
}

function Thumbnail({ blob }: { blob: Blob }) {
  return <img ref={useObjectUrl(blob)} alt="" decoding="async" className="size-full object-cover" />;
}
