import { Hourglass } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemKey } from "@/shared/lib/problem-texts";
import { Button } from "@/shared/ui/Button";
import type { Hold } from "./queue";
import { leavesFocusToResults } from "./results-heading";

interface HoldNoticeProps {
  hold: Hold;
  onAskNow: () => void;
}

/** Says why nothing happens, and counts down to when it goes on by itself. */
export function HoldNotice({ hold, onAskNow }: HoldNoticeProps) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);

  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);

  // A wait that takes the place of another begins between two ticks.
  const leftMs = Math.min(hold.until - now, hold.waitMs);
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  return (
    <div
      ref={leavesFocusToResults}
      className="flex animate-arrive flex-wrap items-center gap-x-3 gap-y-1 rounded-2xl bg-uncertain-soft py-2.5 pr-2 pl-4"
    >
      <Hourglass aria-hidden="true" className="size-5 shrink-0 text-uncertain" />
      <div className="min-w-0 grow basis-36">
        <p className="font-medium">{t(`problem.${problemKey(hold.problem.slug)}.title`)}</p>
        <p role="timer" className="text-sm text-muted tabular-nums">
          {seconds > 90
            ? t("queue.againMinutes", { count: Math.round(seconds / 60) })
            : t("queue.again", { count: seconds })}
        </p>
      </div>
      <Button look="quiet" className="px-4!" onClick={onAskNow}>
        {t("queue.askNow")}
      </Button>
    </div>
  );
}
