import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatShare } from "@/shared/lib/format";
import { useObjectUrl } from "@/shared/lib/object-url";

export interface HeatMapProps {
  file: File;
  name: string;
  /** Pixels of the upright picture. */
  width: number;
  height: number;
  /** A transparent picture of the same aspect, as a data URL. */
  heatmap: string;
}

const usualStrength = 70;

/** The heat map over the picture, as strong as wanted, with what it means and what it does not. */
export function HeatMap({ file, name, width, height, heatmap }: HeatMapProps) {
  const { t, i18n } = useTranslation();
  const [strength, setStrength] = useState(usualStrength);
  const [broken, setBroken] = useState(false);
  const show = useObjectUrl(file);
  const sliderId = useId();
  const aspect = width / height;

  return (
    <figure className="grid gap-5 md:grid-cols-2 md:gap-6">
      <div
        className="relative mx-auto w-full self-start overflow-hidden rounded-2xl bg-sunken"
        style={{ aspectRatio: aspect, maxWidth: `${Math.round(aspect * 62)}svh` }}
      >
        {!broken && (
          <img
            ref={show}
            alt=""
            className="absolute inset-0 size-full"
            // Without colours of its own, so that every colour seen is the map's.
            style={{ filter: `grayscale(${strength}%)` }}
            onError={() => {
              setBroken(true);
            }}
          />
        )}
        <img
          src={heatmap}
          alt={t("where.map", { name })}
          className="absolute inset-0 size-full"
          style={{ opacity: strength / 100 }}
        />
      </div>
      <figcaption className="space-y-4 text-sm">
        <div>
          <div className="flex justify-between gap-3">
            <label htmlFor={sliderId} className="font-medium">
              {t("where.strength")}
            </label>
            <span aria-hidden="true" className="text-muted tabular-nums">
              {formatShare(strength / 100, i18n.language)}
            </span>
          </div>
          <input
            id={sliderId}
            type="range"
            min={0}
            max={100}
            step={5}
            value={strength}
            aria-valuetext={formatShare(strength / 100, i18n.language)}
            onChange={({ currentTarget }) => {
              setStrength(currentTarget.valueAsNumber);
            }}
            className="h-11 w-full cursor-pointer accent-ink"
          />
        </div>
        <div>
          <div
            aria-hidden="true"
            className="h-3 rounded-full bg-linear-to-r from-map-real via-sunken to-map-ai"
          />
          <div className="mt-1 grid grid-cols-3 text-muted">
            <span>{t("where.towardsReal")}</span>
            <span className="text-center">{t("where.neutral")}</span>
            <span className="text-right">{t("where.towardsAi")}</span>
          </div>
        </div>
        <dl className="space-y-3">
          <div>
            <dt className="font-medium">{t("where.meansTitle")}</dt>
            <dd className="text-muted">{t("where.means")}</dd>
          </div>
          <div>
            <dt className="font-medium">{t("where.meansNotTitle")}</dt>
            <dd className="text-muted">{t("where.meansNot")}</dd>
          </div>
        </dl>
      </figcaption>
    </figure>
  );
}
