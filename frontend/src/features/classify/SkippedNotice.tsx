import { useTranslation } from "react-i18next";
import type { Skipped } from "./file-rules";

/** What was left out of the files that were chosen last. */
export function SkippedNotice({ skipped }: { skipped: Skipped }) {
  const { t } = useTranslation();
  const { notPictures, tooMany, unreadable } = skipped;
  return (
    <div role="status" className="text-muted empty:sr-only">
      {notPictures > 0 && <p>{t("queue.notPictures", { count: notPictures })}</p>}
      {tooMany > 0 && <p>{t("queue.tooMany", { count: tooMany })}</p>}
      {unreadable && <p>{t("queue.unreadable")}</p>}
    </div>
  );
}
