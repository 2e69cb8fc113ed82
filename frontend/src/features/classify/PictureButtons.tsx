import { Camera, FolderOpen, ImagePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FileButton } from "./FileButton";
import { acceptedTypes } from "./file-rules";

interface PictureButtonProps {
  onFiles: (files: File[]) => void;
}

/** The one control that is on the page in every state; it gets the focus when others go away. */
export const chooseButtonId = "choose-pictures";

export function ChooseButton({ onFiles, compact = false }: PictureButtonProps & { compact?: boolean }) {
  const { t } = useTranslation();
  return (
    <FileButton
      id={chooseButtonId}
      label={t("intake.inputLabel")}
      look={compact ? "secondary" : "primary"}
      className={compact ? "" : "min-h-13 px-7 text-lg"}
      input={{ accept: acceptedTypes, multiple: true }}
      onFiles={onFiles}
    >
      <ImagePlus aria-hidden="true" className="size-5" />
      {compact ? t("intake.add") : t("intake.choose")}
    </FileButton>
  );
}

/** Not on touch screens: their browsers offer pictures, not folders. */
export function FolderButton({ onFiles, compact = false }: PictureButtonProps & { compact?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="pointer-coarse:hidden">
      <FileButton
        label={t("queue.folderLabel")}
        className={compact ? "" : "min-h-13 px-7 text-lg"}
        input={{ multiple: true }}
        folder
        onFiles={onFiles}
      >
        <FolderOpen aria-hidden="true" className="size-5" />
        {compact ? t("queue.addFolder") : t("queue.folder")}
      </FileButton>
    </div>
  );
}

/** Only where there is a touch screen: elsewhere the dialog would just ask for a file again. */
export function PhotoButton({ onFiles }: PictureButtonProps) {
  const { t } = useTranslation();
  return (
    <FileButton
      label={t("intake.photoLabel")}
      className="min-h-13 px-7 text-lg"
      input={{ accept: "image/*", capture: "environment" }}
      onFiles={onFiles}
    >
      <Camera aria-hidden="true" className="size-5" />
      {t("intake.photo")}
    </FileButton>
  );
}

export function ReplaceButton({ onFiles }: PictureButtonProps) {
  const { t } = useTranslation();
  return (
    <FileButton
      label={t("problem.replaceLabel")}
      input={{ accept: acceptedTypes, multiple: true }}
      onFiles={onFiles}
    >
      <ImagePlus aria-hidden="true" className="size-4" />
      {t("problem.replace")}
    </FileButton>
  );
}
