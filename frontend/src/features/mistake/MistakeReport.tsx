import { Check, Copy, ExternalLink } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Verdict } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { issueLink, issuesAddress, issueText, truths, type Truth } from "./issue";

/** A text that tells whoever runs the detector about a wrong answer, to be copied or sent. */
export function MistakeReport({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const [truth, setTruth] = useState<Truth>("unsure");
  const [copied, setCopied] = useState<"yes" | "no" | "failed">("no");
  const id = useId();
  const text = issueText(verdict, truth);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("yes");
    } catch {
      setCopied("failed");
    }
  };

  return (
    <div className="space-y-4 text-sm">
      <p className="text-muted">{t("mistake.lead")}</p>
      <fieldset>
        <legend className="font-medium">{t("mistake.should")}</legend>
        <div className="flex flex-wrap gap-x-6">
          {truths.map((one) => (
            <label key={one} className="flex min-h-11 cursor-pointer items-center gap-2">
              <input
                type="radio"
                name={id}
                checked={truth === one}
                onChange={() => {
                  setTruth(one);
                  setCopied("no");
                }}
                className="size-4 accent-ink"
              />
              {t(`mistake.truth.${one}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <textarea
        readOnly
        aria-label={t("mistake.text")}
        lang="en"
        value={text}
        rows={10}
        className="block w-full rounded-xl border border-line bg-paper p-3 font-mono text-xs leading-relaxed"
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => void copy()}>
          {copied === "yes" ? (
            <Check aria-hidden="true" className="size-4" />
          ) : (
            <Copy aria-hidden="true" className="size-4" />
          )}
          {t(copied === "yes" ? "mistake.copied" : "mistake.copy")}
        </Button>
        {issuesAddress && (
          <a
            href={issueLink(issuesAddress, text)}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-11 items-center gap-2 underline underline-offset-4"
          >
            <ExternalLink aria-hidden="true" className="size-4" />
            {t("mistake.issue")}
          </a>
        )}
      </div>
      <p role="status" className={copied === "failed" ? "" : "sr-only"}>
        {copied === "failed" ? t("mistake.copyFailed") : copied === "yes" ? t("mistake.copied") : ""}
      </p>
    </div>
  );
}
