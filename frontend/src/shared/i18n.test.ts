import { afterEach, expect, test } from "vitest";
import i18n, { chooseLanguage, preferredLanguage, showLanguage } from "./i18n";

afterEach(async () => {
  localStorage.clear();
  await i18n.changeLanguage("en");
});

test.each([
  [["de-CH", "en"], "de"],
  [["pt-BR", "fr-CA"], "fr"],
  [["zh-CN"], "zh-Hans"],
  [["ja"], "en"],
  [[], "en"],
] as const)("a browser that wishes %j gets %s", (wishes, language) => {
  expect(preferredLanguage(wishes)).toBe(language);
});

test("a chosen language is shown, named in the page and kept for the next visit", async () => {
  await chooseLanguage("es");
  expect(i18n.t("intake.choose")).toBe("Elegir imágenes");
  expect(document.documentElement.lang).toBe("es");
  expect(preferredLanguage(["de"])).toBe("es");
});

test("of two languages wanted one after the other the last one stays", async () => {
  await Promise.all([showLanguage("fr"), showLanguage("en")]);
  expect(i18n.language).toBe("en");
});
