import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import en from "@/locales/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

/** Every language of the page, by its own name. */
export const languages = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  "zh-Hans": "简体中文",
} as const;
export type Language = keyof typeof languages;

/** English is part of the bundle, as what to fall back on; the others are fetched when wanted. */
const texts: Record<Exclude<Language, "en">, () => Promise<{ default: object }>> = {
  de: () => import("@/locales/de.json"),
  es: () => import("@/locales/es.json"),
  fr: () => import("@/locales/fr.json"),
  "zh-Hans": () => import("@/locales/zh-Hans.json"),
};

const storageKey = "language";
let wanted: Language = "en";

void i18n.use(initReactI18next).init({
  // The English texts are part of the bundle, so there is nothing to wait for.
  initAsync: false,
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

i18n.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

/** The language to begin with: the visitor's choice if there is one, else the browser's first that the page has. */
export function preferredLanguage(wishes: readonly string[] = navigator.languages): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(storageKey);
  } catch {
    // Storage may be blocked; the browser's languages apply.
  }
  for (const wish of chosen ? [chosen, ...wishes] : wishes) {
    const found = (Object.keys(languages) as Language[]).find((one) => primary(one) === primary(wish));
    if (found) return found;
  }
  return "en";
}

/** Shows the page in another language. If its texts cannot be fetched, the page stays as it is. */
export async function showLanguage(language: Language): Promise<void> {
  wanted = language;
  if (language !== "en" && !i18n.hasResourceBundle(language, "translation")) {
    try {
      i18n.addResourceBundle(language, "translation", (await texts[language]()).default);
    } catch {
      return;
    }
  }
  // Another language may have been asked for while this one was on its way.
  if (wanted === language) await i18n.changeLanguage(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
  await showLanguage(language);
}

function primary(tag: string): string | undefined {
  return tag.toLowerCase().split(/[-_]/)[0];
}

export default i18n;
