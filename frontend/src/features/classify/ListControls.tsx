import { ArrowDownWideNarrow, CircleEllipsis, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/shared/ui/Choice";
import { verdictStyles } from "@/shared/ui/verdict-style";
import { countOutcomes, orders, type Order, type Show } from "./arrange";
import type { Picture } from "./queue";

interface ListControlsProps {
  pictures: readonly Picture[];
  show: Show;
  order: Order;
  onShow: (show: Show) => void;
  onOrder: (order: Order) => void;
}

/** Which pictures a long list shows, and in which order. */
export function ListControls({ pictures, show, order, onShow, onOrder }: ListControlsProps) {
  const { t } = useTranslation();
  const counts = countOutcomes(pictures);
  const options = (
    [
      { value: "ai", icon: verdictStyles.ai.icon, tint: "text-ai" },
      { value: "real", icon: verdictStyles.real.icon, tint: "text-real" },
      { value: "uncertain", icon: verdictStyles.uncertain.icon, tint: "text-uncertain" },
      { value: "failed", icon: TriangleAlert, tint: "text-problem" },
      { value: "working", icon: CircleEllipsis, tint: "text-muted" },
    ] as const
  )
    .map((option) => ({ ...option, text: t(`queue.word.${option.value}`), count: counts[option.value] }))
    .filter(({ value, count }) => count > 0 || value === show);

  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <Choice
        label={t("queue.show")}
        value={show}
        options={[{ value: "all", text: t("queue.all"), count: pictures.length }, ...options]}
        onChange={onShow}
      />
      <label className="flex min-h-11 items-center gap-2 text-sm">
        <ArrowDownWideNarrow aria-hidden="true" className="size-4" />
        <span className="text-muted">{t("queue.sort.label")}</span>
        <select
          value={order}
          onChange={({ currentTarget }) => {
            onOrder(currentTarget.value as Order);
          }}
          className="min-h-11 rounded-full border border-line bg-surface px-3"
        >
          {orders.map((one) => (
            <option key={one} value={one}>
              {t(`queue.sort.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
