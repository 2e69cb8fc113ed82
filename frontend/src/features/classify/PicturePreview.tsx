import { ImageOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectUrl } from "@/shared/lib/object-url";

interface PicturePreviewProps {
  file: File;
  name: string;
  /** Whether the check failed: then the missing preview needs no excuse. */
  failed: boolean;
}

/** The picture as the browser shows it; some formats (HEIC outside Safari) it cannot. */
export function PicturePreview({ file, name, failed }: PicturePreviewProps) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const show = useObjectUrl(file);

  if (broken) {
    return (
      <div className="grid h-full min-h-28 place-content-center md:rounded-2xl md:bg-sunken justify-items-center gap-2 p-6 text-center text-sm text-muted">
        <ImageOff aria-hidden="true" className="size-7" />
        {!failed && <p className="max-w-56">{t("picture.noPreview")}</p>}
      </div>
    );
  }
  return (
    <img
      ref={show}
      alt={t("picture.alt", { name })}
      decoding="async"
      className="mx-auto max-h-[34svh] max-w-full object-contain md:max-h-[28rem] md:rounded-2xl"
      onError={() => {
        setBroken(true);
      }}
    />
  );
}
