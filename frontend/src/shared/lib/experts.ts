import type { TFunction } from "i18next";

/** What an expert of the detector is called in the language of the page. */
export function expertName(t: TFunction, name: string): string {
  const known = name === "traces" || name === "appearance" || name === "tiny";
  return t(`details.expert.${known ? name : "other"}`, { name });
}
