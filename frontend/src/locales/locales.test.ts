import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import i18n, { showLanguage, type Language } from "@/shared/i18n";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import zhHans from "./zh-Hans.json";

interface Texts {
  [key: string]: string | Texts;
}

const all: Record<Language, Texts> = { en, de, es, fr, "zh-Hans": zhHans };
const plural = /_(zero|one|two|few|many|other)$/;

function flatten(texts: Texts, path = ""): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[path + key, value]] : flatten(value, `${path}${key}.`),
  );
}

/** The keys that a language needs, given those of English: its own plural forms in the place of the English ones. */
function neededKeys(language: string): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const keys = flatten(en).flatMap(([key]) =>
    plural.test(key) ? forms.map((form) => key.replace(plural, `_${form}`)) : [key],
  );
  return [...new Set(keys)].sort();
}

/** What a translation must keep: values that are filled in, markup and texts that are built in. */
function fixedParts(text: string): string[] {
  return (text.match(/\{\{\w+\}\}|<\/?\w+>|\$t\([^)]+\)/g) ?? []).sort();
}

describe.each(Object.entries(all))("the texts in %s", (language, texts) => {
  test("are there, every one and no other", () => {
    expect(
      flatten(texts)
        .map(([key]) => key)
        .sort(),
    ).toEqual(neededKeys(language));
  });

  test("keep the values, the markup and the texts that they are built from", () => {
    const english = new Map(flatten(en));
    for (const [key, text] of flatten(texts)) {
      const one = key.endsWith("_one");
      const source = english.get(key) ?? english.get(key.replace(plural, "_other")) ?? "";
      // "One picture" may do without the number.
      const kept = one ? fixedParts(source).filter((part) => text.includes(part)) : fixedParts(source);
      expect({ key, parts: fixedParts(text) }).toEqual({ key, parts: kept });
    }
  });

  test("are not empty and not left in English", () => {
    const english = new Map(flatten(en));
    for (const [key, text] of flatten(texts)) {
      expect(text.trim(), key).not.toBe("");
      const sentence = text.split(" ").length > 5 && !text.startsWith("$t(");
      if (language !== "en" && sentence) expect(text, key).not.toBe(english.get(key));
    }
  });
});

test("one picture and several are told apart where a language does", async () => {
  const told = async (language: Language): Promise<string[]> => {
    await showLanguage(language);
    return [1, 2].flatMap((count) =>
      (["real", "uncertain", "failed"] as const).map((kind) => i18n.t(`results.${kind}`, { count })),
    );
  };
  expect(await told("es")).toEqual([
    "1 probablemente real",
    "1 incierta",
    "1 no se pudo comprobar",
    "2 probablemente reales",
    "2 inciertas",
    "2 no se pudieron comprobar",
  ]);
  expect(await told("fr")).toEqual([
    "1 probablement réelle",
    "1 incertaine",
    "1 non vérifiable",
    "2 probablement réelles",
    "2 incertaines",
    "2 non vérifiables",
  ]);
});

test("every code and every detail that the API can name has a text", () => {
  const source = readFileSync(`${import.meta.dirname}/../../../backend/words.py`, "utf8");
  const codes = (name: string): string[] => {
    const table = new RegExp(`^${name} = \\{\\n(.*?)^\\}`, "ms").exec(source)?.[1] ?? "";
    return [...table.matchAll(/^ {4}"([a-z0-9-]+)":/gm)].flatMap(([, code]) => code ?? []);
  };
  // Verdict and certainty are told by the page's own scale and number.
  const told = /^(verdict|certainty)-/;
  const statements = [...codes("STATEMENTS"), ...codes("NOTES")].filter((code) => !told.test(code));
  expect(Object.keys(en.words.code).sort()).toEqual(statements.sort());
  expect(Object.keys(en.marks.code).sort()).toEqual(codes("SIGNALS").sort());
  expect(Object.keys(en.marks.detail).sort()).toEqual(codes("DETAILS").sort());
});
