import { ImageDown } from "lucide-react";
import type { ReactNode } from "react";
import { useDropzone } from "react-dropzone";
import { useTranslation } from "react-i18next";
import { usePaste } from "./use-paste";

interface IntakeAreaProps {
  onFiles: (files: File[]) => void;
  /** A folder was dropped that the browser cannot read. */
  onUnreadable: () => void;
  children: ReactNode;
}

/** Makes everything inside it a place to drop or paste pictures. */
export function IntakeArea({ onFiles, onUnreadable, children }: IntakeAreaProps) {
  const { t } = useTranslation();
  usePaste(onFiles);
  const { getRootProps, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    noPaste: true,
    // Folders come with everything inside them.
    onDropAccepted: onFiles,
    onError: onUnreadable,
  });

  return (
    <div {...getRootProps({ role: undefined })}>
      {children}
      {isDragActive && (
        <div className="pointer-events-none fixed inset-0 z-10 bg-paper/85 p-4 sm:p-8">
          <div className="grid h-full place-content-center justify-items-center gap-4 rounded-3xl border-2 border-dashed border-ink p-6 text-center">
            <ImageDown aria-hidden="true" className="size-12" />
            <p className="text-2xl font-semibold tracking-tight">{t("intake.drop")}</p>
          </div>
        </div>
      )}
    </div>
  );
}
