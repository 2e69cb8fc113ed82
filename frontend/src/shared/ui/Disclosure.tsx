import { ChevronDown } from "lucide-react";
import { useState, type ReactNode } from "react";

interface DisclosureProps {
  title: string;
  /** What is inside, in a few words, readable without opening. */
  hint?: ReactNode;
  children: ReactNode;
}

/** A part of the page that is there on demand; what is inside exists only while it is open. */
export function Disclosure({ title, hint, children }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="group border-t border-line"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary className="flex min-h-12 list-none items-center gap-3 rounded-lg py-2 [&::-webkit-details-marker]:hidden">
        <span className="flex min-w-0 grow flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-medium">{title}</span>
          {hint && <span className="text-sm text-muted">{hint}</span>}
        </span>
        <ChevronDown
          aria-hidden="true"
          className="size-5 shrink-0 transition-transform group-open:rotate-180"
        />
      </summary>
      {open && <div className="pt-1 pb-5">{children}</div>}
    </details>
  );
}
