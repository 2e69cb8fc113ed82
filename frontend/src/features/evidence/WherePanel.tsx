import { RotateCcw } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/shared/api/problem";
import type { Verdict } from "@/shared/api/types";
import { problemKey } from "@/shared/lib/problem-texts";
import { Button } from "@/shared/ui/Button";
import { HeatMap } from "./HeatMap";
import { useExplanation } from "./use-explanation";

export interface WherePanelProps {
  file: File;
  name: string;
  verdict: Verdict;
}

/** Where in the picture the answer comes from; asked for when this is first shown. */
export function WherePanel(props: WherePanelProps) {
  const panelRef = useRef<HTMLDivElement>(null);
  return (
    <div ref={panelRef} tabIndex={-1}>
      <Where {...props} onRetry={() => panelRef.current?.focus()} />
    </div>
  );
}

/** Of `onRetry`: the button goes away while the map is asked for again, and so would the focus. */
function Where({ file, name, verdict, onRetry }: WherePanelProps & { onRetry: () => void }) {
  const { t } = useTranslation();
  const { data: explanation, error, isPending, refetch } = useExplanation(verdict.id, file);

  if (isPending) {
    return (
      <p role="status" className="text-muted">
        {t("where.loading")}
      </p>
    );
  }
  if (error) {
    const slug = error instanceof Problem ? error.slug : "other";
    return (
      <div className="space-y-3">
        <p role="alert">{t("where.failed", { title: t(`problem.${problemKey(slug)}.title`) })}</p>
        <Button
          onClick={() => {
            void refetch();
            onRetry();
          }}
        >
          <RotateCcw aria-hidden="true" className="size-4" />
          {t("where.retry")}
        </Button>
      </div>
    );
  }
  if (!explanation || explanation.maps.length === 0) return <p>{t("where.none")}</p>;
  const { width, height } = verdict.image;
  return <HeatMap file={file} name={name} width={width} height={height} heatmap={explanation.heatmap_png} />;
}
