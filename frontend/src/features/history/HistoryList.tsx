import { Search, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "@/shared/api/types";
import { Choice } from "@/shared/ui/Choice";
import { ConfirmButton } from "@/shared/ui/ConfirmButton";
import { verdictStyles } from "@/shared/ui/verdict-style";
import { VirtualList } from "@/shared/ui/VirtualList";
import { HistoryRow } from "./HistoryRow";
import type { HistoryEntry } from "./store";
import { useHistoryActions } from "./use-history";

const labels = ["ai", "real", "uncertain"] as const;
const searchId = "search-history";

/** The kept verdicts, to search, to sift and to delete. */
export function HistoryList({ entries }: { entries: readonly HistoryEntry[] }) {
  const { t, i18n } = useTranslation();
  const [search, setSearch] = useState("");
  const [show, setShow] = useState<Label | "all">("all");
  const { remove, clear } = useHistoryActions();

  const lower = (text: string): string => text.toLocaleLowerCase(i18n.language);
  const found = entries.filter(({ name }) => lower(name).includes(lower(search.trim())));
  const shown = show === "all" ? found : found.filter(({ label }) => label === show);
  const options = labels.map((label) => ({
    value: label,
    text: t(`queue.word.${label}`),
    count: found.filter((entry) => entry.label === label).length,
    icon: verdictStyles[label].icon,
    tint: verdictStyles[label].text,
  }));

  return (
    <section aria-labelledby="kept" className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id="kept" className="text-xl font-semibold tracking-tight">
          {t("history.kept", { count: entries.length })}
        </h2>
        <ConfirmButton
          look="quiet"
          className="-mr-3 px-3!"
          question={t("history.deleteAll.question")}
          explanation={t("history.deleteAll.explanation", { count: entries.length })}
          confirm={t("history.deleteAll.button")}
          onConfirm={() => {
            clear();
            document.getElementById("main")?.focus();
          }}
        >
          <Trash2 aria-hidden="true" className="size-4" />
          {t("history.deleteAll.button")}
        </ConfirmButton>
      </div>
      <div className="relative">
        <Search aria-hidden="true" className="absolute top-3.5 left-4 size-5 text-muted" />
        <input
          id={searchId}
          type="search"
          aria-label={t("history.search")}
          placeholder={t("history.search")}
          value={search}
          onChange={({ currentTarget }) => {
            setSearch(currentTarget.value);
          }}
          className="min-h-12 w-full rounded-full border border-line-strong bg-surface pr-4 pl-12 placeholder:text-muted"
        />
      </div>
      <Choice
        label={t("queue.show")}
        value={show}
        options={[{ value: "all", text: t("queue.all"), count: found.length }, ...options]}
        onChange={setShow}
      />
      <p role="status" className={shown.length === 0 ? "py-6 text-center text-muted" : "sr-only"}>
        {shown.length === 0 ? t("history.none") : t("results.count", { count: shown.length })}
      </p>
      <VirtualList label={t("history.title")} items={shown} estimate={90} gap={8}>
        {(entry) => (
          <HistoryRow
            entry={entry}
            onRemove={() => {
              const index = shown.indexOf(entry);
              const next = shown[index + 1] ?? shown[index - 1];
              remove(entry.id);
              document.getElementById(next?.id ?? searchId)?.focus();
            }}
          />
        )}
      </VirtualList>
    </section>
  );
}
