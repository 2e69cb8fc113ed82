import { useTranslation } from "react-i18next";
import { isTogether } from "./figures";

/** What a group of figures of the model card is called: the experts it was measured with. */
export function useColumnName(): (group: string) => string {
  const { t } = useTranslation();
  return (name) => {
    if (isTogether(name)) return t("about.figures.group.together");
    if (name === "tiny") return t("details.expert.tiny");
    const known = name === "traces" || name === "appearance";
    return t(`about.figures.group.${known ? name : "other"}`, { name });
  };
}
