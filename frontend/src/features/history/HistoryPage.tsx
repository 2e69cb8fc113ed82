import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { HistoryList } from "./HistoryList";
import { HistorySwitch } from "./HistorySwitch";
import { useHistoryIsOn } from "./setting";
import { useHistory } from "./use-history";

export function HistoryPage({ back }: { back: ReactNode }) {
  const { t } = useTranslation();
  const on = useHistoryIsOn();
  const { data: entries, isError } = useHistory();
  const headingRef = useRef<HTMLHeadingElement>(null);

  // A new page starts at its heading, for screen readers too.
  useEffect(() => {
    headingRef.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <header className="space-y-3">
        <h1
          ref={headingRef}
          tabIndex={-1}
          className="text-3xl leading-tight font-semibold tracking-tight sm:text-4xl"
        >
          {t("history.title")}
        </h1>
        <p className="text-lg text-muted">{t("history.lead")}</p>
      </header>
      {isError ? (
        <p className="rounded-2xl bg-uncertain-soft p-4">{t("history.unavailable")}</p>
      ) : (
        <HistorySwitch />
      )}
      {entries && entries.length > 0 && <HistoryList entries={entries} />}
      {entries?.length === 0 && on && <p className="py-6 text-center text-muted">{t("history.empty")}</p>}
      <p>{back}</p>
    </div>
  );
}
