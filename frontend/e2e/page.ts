import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Locator, type Page } from "@playwright/test";

type Files = Parameters<Locator["setInputFiles"]>[0];

/** Anything the browser complains about fails the test, except replies that a test asks for. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        const refused = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !refused) complaints.push(message.text());
      });
      // Someone must always want the file dialogs: asked for only when needed, they are at times too late.
      page.on("filechooser", () => undefined);
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export function card(page: Page, name: string): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
}

export async function choose(page: Page, files: Files): Promise<void> {
  const dialog = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /^(Choose|Add) pictures$/ }).click();
  await (await dialog).setFiles(files);
}

/** What is said on the page; what screen readers are told about it stands after it. */
export function notice(page: Page, text: string): Locator {
  return page.getByText(text).first();
}

export function verdict(inside: Locator): Locator {
  return inside.getByText(/^(Likely AI-made|Likely a real picture|Uncertain — we cannot tell)$/);
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
}

/** Waits for animations: colours that are still fading would be measured half-way. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
}
