import { useTranslation } from "react-i18next";
import en from "@/locales/en.json";
import { expertName } from "@/shared/lib/experts";
import { formatShare } from "@/shared/lib/format";

type Values = Record<string, string | number | string[]>;

const percentages = new Set(["percent", "real_below", "ai_above"]);

/** Sentences for the codes of the API in the language of the page; one it does not know yet stays English. */
export function useSentence(): (code: string, values: Values, english: string) => string {
  const { t, i18n } = useTranslation();
  // Which values a code comes with is for the API to say, not for the types of the texts.
  const translate = t as (key: string, values: Record<string, string>) => string;

  return (code, values, english) => {
    const shown = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, show(name, value)]),
    );
    if (code in en.words.code) return translate(`words.code.${code}`, shown);
    if (code in en.marks.code) return translate(`marks.code.${code}`, shown);
    return english;
  };

  function show(name: string, value: string | number | string[]): string {
    if (name === "expert") return expertName(t, String(value));
    // Whole percents, as numbers.
    return percentages.has(name) ? formatShare(Number(value) / 100, i18n.language) : String(value);
  }
}
