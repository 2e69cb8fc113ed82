import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeModel } from "../src/shared/testing/verdicts";
import { test } from "./page";
import { broken, flower } from "./photos";
import { answer, startStandIn } from "./stand-in";
import { contradiction, explained } from "./verdicts";

interface Texts {
  [key: string]: string | Texts;
}

const en = JSON.parse(readFileSync(join(import.meta.dirname, "../src/locales/en.json"), "utf8")) as Texts;

const accents: Record<string, string> = {
  a: "å",
  e: "é",
  i: "î",
  o: "ö",
  u: "û",
  c: "ç",
  n: "ñ",
  s: "š",
  y: "ý",
};

/** A language that nobody speaks: every letter marked, every text 40 % longer. What stays plain was hard-coded. */
function pseudo(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === "string" ? mark(value) : pseudo(value),
    ]),
  );
}

function mark(text: string): string {
  if (text.startsWith("$t(")) return text;
  // Values, markup and built-in texts stay as they are.
  const parts = text.split(/(\{\{\w+\}\}|<\/?\w+>|\$t\([^)]+\))/);
  const marked = parts.map((part, index) =>
    index % 2 === 1
      ? part
      : part.replace(/[a-z]/gi, (letter) => accents[letter.toLowerCase()] ?? greek(letter)),
  );
  return `${marked.join("")}${" ωδξ".repeat(Math.ceil((text.length * 0.4) / 4))}`;
}

function greek(letter: string): string {
  return String.fromCharCode(0x391 + ((letter.toLowerCase().charCodeAt(0) - 97) % 16));
}

// What turns while it opens takes more room than it will have.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** The page in German, whose texts are not German but the given ones. */
async function speak(page: Page, texts: Texts): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem("language", "de");
  });
  await page.route(/\/assets\/de-[\w-]+\.js$/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: `export default ${JSON.stringify(texts)}` }),
  );
}

/** What a visitor or a screen reader gets to read, apart from texts that are marked as another language. */
function readable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const walk = (element: Element): void => {
      if (element.matches("script, style, [lang]:not(html), [data-signal] td, textarea")) return;
      for (const name of ["aria-label", "alt", "title", "placeholder", "aria-valuetext"]) {
        const value = element.getAttribute(name);
        if (value) found.add(value);
      }
      for (const node of element.childNodes) {
        if (node instanceof Text && node.data.trim()) found.add(node.data.trim());
        else if (node instanceof Element) walk(node);
      }
    };
    walk(document.documentElement);
    return [...found];
  });
}

/** Names, formats, units and a date in German, as the browser writes it. */
const untranslated =
  /flower\.jpg|broken\.jpg|OpenAI|ComfyUI|real-or-ai|a-detail-of-tomorrow|A new sentence|English of a-statement-of-tomorrow|onnx|tiny|SHA-256|[\da-f]{8}-[\da-f-]+|Ctrl\+V|25\. November 2026|\b(JPEG|PNG|MB|kB|ms|Sek|DE|de)\b/g;

async function expectTranslated(page: Page): Promise<void> {
  const plain = (await readable(page)).filter((text) => /[A-Za-z]{2}/.test(text.replace(untranslated, "")));
  expect(plain).toEqual([]);
}

async function expectToFit(page: Page): Promise<void> {
  const overhanging = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => element.outerHTML.slice(0, 120));
  });
  expect(overhanging).toEqual([]);
  // Words of a control must not stick out of it.
  const cramped = await page.evaluate(() =>
    [...document.querySelectorAll("button, summary")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(cramped).toEqual([]);
}

async function startApi() {
  return startStandIn((request, body, response) => {
    if (request.url === "/v1/model") answer(response, 200, makeModel());
    else if (body.includes("broken.jpg")) answer(response, 422, { type: "/problems/truncated-image" });
    else answer(response, 200, body.includes('name="explain"') ? explained(contradiction) : contradiction);
  });
}

/** Without the words that other tests look for: this page speaks other ones. */
async function checkPictures(page: Page, files: (typeof flower)[]): Promise<void> {
  const dialog = page.waitForEvent("filechooser");
  await page.locator("#choose-pictures").click();
  await (await dialog).setFiles(files);
  await expect(page.locator("[data-verdict]")).toBeVisible();
}

test("no text is hard-coded and longer texts fit at 360 px, in every part of the page", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await speak(page, pseudo(en));
  const { url, close } = await startApi();
  for (const address of ["/", "/guide", "/about", "/model"]) {
    await page.goto(url + address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const part of await page.locator("main summary").all()) await part.click();
    await expectTranslated(page);
    await expectToFit(page);
  }
  await page.goto(url);
  await checkPictures(page, [flower, broken]);
  for (const part of await page.locator("main summary").all()) await part.click();
  await expect(page.getByRole("slider")).toBeVisible();
  await expectTranslated(page);
  await expectToFit(page);
  await close();
});

test.describe("in a German browser", () => {
  test.use({ locale: "de-DE" });

  test("the page is German, its numbers too, until another language is chosen, which is kept", async ({
    page,
  }) => {
    const { url, close } = await startApi();
    await page.goto(url);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hat eine KI dieses Bild gemacht?");
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await checkPictures(page, [flower]);
    await expect(page.getByText("41 % Wahrscheinlichkeit für KI: etwas unter der Hälfte")).toBeVisible();

    await page.getByRole("combobox", { name: "Sprache" }).selectOption("简体中文");
    await expect(page.locator("[data-verdict]")).toContainText("不确定，无法判断");
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("这张图片是 AI 生成的吗？");
    await close();
  });
});

for (const [language, name] of [
  ["de", "Deutsch"],
  ["es", "Español"],
  ["fr", "Français"],
  ["zh-Hans", "简体中文"],
] as const) {
  test(`everything fits on a small phone in ${name}`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.addInitScript((chosen) => {
      localStorage.setItem("language", chosen);
    }, language);
    const { url, close } = await startApi();
    for (const address of ["/guide", "/about", "/model", "/"]) {
      await page.goto(url + address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectToFit(page);
    }
    await checkPictures(page, [flower]);
    for (const part of await page.locator("main summary").all()) await part.click();
    await expect(page.getByRole("slider")).toBeVisible();
    await expectToFit(page);
    await close();
  });
}

test("a page whose language cannot be fetched is English, and works", async ({ page }) => {
  await page.addInitScript(() => {
    localStorage.setItem("language", "fr");
  });
  await page.route(/\/assets\/fr-[\w-]+\.js$/, (route) => route.abort());
  const { url, close } = await startApi();
  await page.goto(url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Was this picture made by AI?");
  await close();
});
