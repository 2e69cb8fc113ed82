import { Languages } from "lucide-react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, languages, type Language } from "@/shared/i18n";

/** The system's own list under a small sign, which needs less room on a phone than the name of a language. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <div className="relative flex h-11 items-center gap-1.5 rounded-full px-2.5 hover:bg-sunken has-focus-visible:outline-3 has-focus-visible:outline-offset-3">
      <Languages aria-hidden="true" className="size-5" />
      <span aria-hidden="true" className="text-sm font-medium uppercase">
        {i18n.language.slice(0, 2)}
      </span>
      <select
        aria-label={t("language.label")}
        value={i18n.language}
        onChange={({ currentTarget }) => {
          void chooseLanguage(currentTarget.value as Language);
        }}
        className="absolute inset-0 cursor-pointer bg-surface text-ink opacity-0"
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
