import { LockKeyhole } from "lucide-react";
import { Trans, useTranslation } from "react-i18next";
import type { Skipped } from "./file-rules";
import { ChooseButton, FolderButton, PhotoButton } from "./PictureButtons";
import { SkippedNotice } from "./SkippedNotice";
import { useSizeLimit } from "./use-size-limit";
import { verdictStyles } from "@/shared/ui/verdict-style";

const pasteKeys = navigator.userAgent.includes("Mac") ? "⌘V" : "Ctrl+V";

export const startHeadingId = "start";

interface StartPanelProps {
  onFiles: (files: File[]) => void;
  /** What was left out of the files that were chosen last: here, all of them. */
  skipped: Skipped;
}

/** What a visitor sees first: one thing to do, and what will come of it. */
export function StartPanel({ onFiles, skipped }: StartPanelProps) {
  const { t } = useTranslation();
  const size = useSizeLimit();

  return (
    <div className="space-y-10 sm:space-y-14">
      <section className="space-y-7 text-center">
        <div className="space-y-3">
          <h1
            id={startHeadingId}
            tabIndex={-1}
            className="text-4xl leading-[1.1] font-semibold tracking-tight sm:text-5xl"
          >
            {t("intake.heading")}
          </h1>
          <p className="mx-auto max-w-2xl text-lg text-balance text-muted">{t("intake.lead")}</p>
        </div>
        <div className="mx-auto max-w-2xl space-y-5 rounded-3xl border-2 border-dashed border-line-strong/60 bg-surface px-5 py-9 sm:py-12">
          <div className="flex flex-col items-stretch justify-center gap-3 sm:flex-row sm:items-center">
            <ChooseButton onFiles={onFiles} />
            <FolderButton onFiles={onFiles} />
            <div className="hidden pointer-coarse:grid">
              <PhotoButton onFiles={onFiles} />
            </div>
          </div>
          <SkippedNotice skipped={skipped} />
          <p className="text-muted pointer-coarse:hidden">
            <Trans
              t={t}
              i18nKey="intake.anywhere"
              values={{ keys: pasteKeys }}
              components={{
                kbd: (
                  <kbd className="rounded-md border border-line bg-paper px-1.5 py-0.5 font-sans text-sm" />
                ),
              }}
            />
          </p>
          <p className="text-sm text-balance text-muted">{t("intake.formats", { size })}</p>
        </div>
        <p className="mx-auto flex max-w-2xl items-start justify-center gap-2.5 text-left sm:items-center">
          <LockKeyhole aria-hidden="true" className="mt-1 size-4 shrink-0 sm:mt-0" />
          <span>
            <strong className="font-semibold">{t("intake.privacyTitle")}</strong> {t("intake.privacy")}
          </span>
        </p>
      </section>

      <section aria-labelledby="answers" className="mx-auto max-w-4xl">
        <h2 id="answers" className="sr-only">
          {t("intake.answers")}
        </h2>
        <ul className="grid gap-4 sm:grid-cols-3 sm:gap-5">
          {(["real", "uncertain", "ai"] as const).map((label) => {
            const { icon: Icon, text, soft } = verdictStyles[label];
            return (
              <li key={label} className={`flex gap-3.5 rounded-2xl p-4 sm:flex-col sm:gap-3 sm:p-5 ${soft}`}>
                <Icon aria-hidden="true" className={`mt-0.5 size-6 shrink-0 sm:mt-0 ${text}`} />
                <div>
                  <h3 className={`font-semibold ${text}`}>{t(`verdict.${label}.word`)}</h3>
                  <p className="text-sm">{t(`verdict.${label}.short`)}</p>
                </div>
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}
