import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { formatBytes } from "@/shared/lib/format";
import { defaultMaxBytes } from "./file-rules";

/** The largest file the server takes, as text. */
export function useSizeLimit(): string {
  const { i18n } = useTranslation();
  const { data: model } = useModel();
  return formatBytes(model?.limits.max_bytes ?? defaultMaxBytes, i18n.language);
}
