import type { LucideIcon } from "lucide-react";

interface Option<Value extends string> {
  value: Value;
  text: string;
  count: number;
  icon?: LucideIcon | undefined;
  /** Colour of the icon. */
  tint?: string | undefined;
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
}

/** One of a few kinds to show, each with how many there are of it. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <div
      role="group"
      aria-label={label}
      // On a phone one line to swipe, from edge to edge: several would push away what they choose from.
      className="flex gap-2 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1 max-sm:[scrollbar-width:none] sm:flex-wrap"
    >
      {options.map(({ value: own, text, count, icon: Icon, tint = "" }) => {
        const chosen = own === value;
        return (
          <button
            key={own}
            type="button"
            aria-pressed={chosen}
            onClick={() => {
              onChange(own);
            }}
            className={`inline-flex min-h-11 shrink-0 items-center gap-1.5 rounded-full border px-3.5 text-sm transition ${
              chosen ? "border-ink bg-ink text-paper" : "border-line bg-surface hover:border-line-strong"
            }`}
          >
            {Icon && <Icon aria-hidden="true" className={`size-4 ${chosen ? "" : tint}`} />}
            {text}
            <span className={`tabular-nums ${chosen ? "" : "text-muted"}`}>{count}</span>
          </button>
        );
      })}
    </div>
  );
}
