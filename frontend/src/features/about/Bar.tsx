interface BarProps {
  /** From 0 to 1. */
  share: number;
  /** Where guessing would be. */
  mark?: number | undefined;
}

/** A number as a length, beside the number itself. */
export function Bar({ share, mark }: BarProps) {
  return (
    <span
      aria-hidden="true"
      className="relative mt-1 ml-auto block h-1.5 w-12 rounded-full bg-sunken sm:w-20"
    >
      <span
        className="absolute inset-y-0 left-0 rounded-full bg-ink/70"
        style={{ width: `${share * 100}%` }}
      />
      {mark !== undefined && (
        <span className="absolute -inset-y-0.5 w-0.5 bg-line-strong" style={{ left: `${mark * 100}%` }} />
      )}
    </span>
  );
}
