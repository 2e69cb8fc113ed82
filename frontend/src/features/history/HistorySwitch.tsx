import { useId } from "react";
import { useTranslation } from "react-i18next";
import { switchHistory, useHistoryIsOn } from "./setting";

/** Whether this browser keeps a history, and in plain words what that means. */
export function HistorySwitch() {
  const { t } = useTranslation();
  const on = useHistoryIsOn();
  const id = useId();

  return (
    <div className="rounded-3xl border border-line bg-surface p-5">
      <div className="flex items-center gap-4">
        <p id={`${id}-label`} className="grow font-semibold">
          {t("history.keep")}
        </p>
        <button
          type="button"
          role="switch"
          aria-checked={on}
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-meaning`}
          onClick={() => {
            switchHistory(!on);
          }}
          className="grid h-11 w-14 shrink-0 place-items-center rounded-full"
        >
          <span
            className={`block h-8 w-14 rounded-full border p-1 transition-colors ${
              on ? "border-ink bg-ink" : "border-line-strong bg-sunken"
            }`}
          >
            <span
              className={`block size-5.5 rounded-full transition-transform ${
                on ? "translate-x-6 bg-paper" : "bg-line-strong"
              }`}
            />
          </span>
        </button>
      </div>
      <p id={`${id}-meaning`} className="mt-1 text-sm text-muted">
        {t("history.meaning")}
      </p>
    </div>
  );
}
