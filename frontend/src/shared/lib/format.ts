/** A probability as a whole percentage; never 0% or 100%, because the detector is never certain. */
export function formatPercent(probability: number, locale: string): string {
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  if (probability < 0.005) return `<${percent.format(0.01)}`;
  if (probability >= 0.995) return `>${percent.format(0.99)}`;
  return percent.format(probability);
}

/** A share that is exact, such as a limit or upload progress. */
export function formatShare(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** In steps of 1024, as the limits are set and as most systems show sizes. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1024 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: byteUnits[power] ?? "byte",
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power < 2 ? 0 : 1,
  }).format(bytes / 1024 ** power);
}

export function formatMilliseconds(ms: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: ms < 1000 ? "millisecond" : "second",
    maximumFractionDigits: ms < 1000 ? 0 : 1,
  }).format(ms < 1000 ? ms : ms / 1000);
}
