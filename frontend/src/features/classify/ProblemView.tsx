import { RotateCcw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/Button";
import { ReplaceButton } from "./PictureButtons";
import { problemKey } from "@/shared/lib/problem-texts";
import { isPermanent } from "./permanent-problems";
import { useSizeLimit } from "./use-size-limit";

interface ProblemViewProps {
  problem: Problem;
  onRetry: () => void;
  onReplace: (files: File[]) => void;
}

export function ProblemView({ problem, onRetry, onReplace }: ProblemViewProps) {
  const { t } = useTranslation();
  const size = useSizeLimit();
  const key = problemKey(problem.slug);
  const { detail, requestId } = problem.info;

  return (
    <div className="animate-arrive space-y-4" data-problem={problem.slug}>
      <div className="flex gap-3 rounded-2xl bg-problem-soft p-4 sm:p-5">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-6 shrink-0 text-problem" />
        <div className="min-w-0 space-y-1">
          <p className="text-lg leading-snug font-semibold text-problem">{t(`problem.${key}.title`)}</p>
          <p>{t(`problem.${key}.action`, { size })}</p>
          {detail && <p className="text-sm break-words text-muted">{t("problem.server", { detail })}</p>}
          {requestId && (
            <p className="text-xs break-all text-muted">{t("problem.requestId", { id: requestId })}</p>
          )}
        </div>
      </div>
      {isPermanent(problem.slug) ? (
        <ReplaceButton onFiles={onReplace} />
      ) : (
        <Button onClick={onRetry}>
          <RotateCcw aria-hidden="true" className="size-4" />
          {t("problem.retry")}
        </Button>
      )}
    </div>
  );
}
