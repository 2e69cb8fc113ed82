import { expect } from "@playwright/test";
import { card, choose, expectAccessible, settle, test, verdict } from "./page";
import { broken, china, flower, text } from "./photos";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
});

test("a real photo gets a verdict with a probability, its meaning and its details", async ({ page }) => {
  await choose(page, china);
  const picture = card(page, "china.jpg");
  await expect(verdict(picture)).toBeVisible();
  await expect(picture.getByText(/^[<>]?\d+% chance of AI: /)).toBeVisible();
  await expect(picture.getByRole("img", { name: /Chance of AI on a scale/ })).toBeVisible();
  await expect(picture.getByText("Never use it as the only evidence.")).toBeVisible();

  await picture.getByText("Details").click();
  await expect(picture.getByText("Fine traces in the pixels")).toBeVisible();
  await expect(picture.getByText("640 × 427 pixels, 192 kB")).toBeVisible();
  await expect(picture.getByText(/ in all \(/)).toBeVisible();

  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("heading", { name: "Was this picture made by AI?" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeFocused();
});

test("one broken file among several leaves the others alone", async ({ page }) => {
  await choose(page, [china, flower]);
  await choose(page, [broken, text]);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();

  const damaged = card(page, "broken.jpg");
  await expect(damaged.getByText("The file is incomplete or damaged")).toBeVisible();
  await expect(damaged.getByText(/^The server says: .*cut off or damaged/)).toBeVisible();
  await expect(damaged.getByText("Download or copy the picture again")).toBeVisible();
  await expect(damaged.getByRole("button", { name: "Choose another picture" })).toBeVisible();
  await expect(card(page, "notes.txt").getByText("This kind of file cannot be checked")).toBeVisible();
  await expect(page.getByText("2 could not be checked")).toBeVisible();

  await page.getByRole("button", { name: "Remove broken.jpg" }).click();
  await expect(damaged).toHaveCount(0);
  await expect(page.getByText("1 could not be checked")).toBeVisible();
});

test("a pasted picture is checked", async ({ page }) => {
  const bytes = [...china.buffer];
  await page.evaluate((content) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(content)], "pasted.jpg", { type: "image/jpeg" }));
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, bytes);
  await expect(verdict(card(page, "pasted.jpg"))).toBeVisible();
});

test("a picture can be dropped anywhere, from the about page too", async ({ page }) => {
  await page.getByRole("link", { name: "How it works and its limits" }).click();
  const bytes = [...china.buffer];
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], "dropped.jpg", { type: "image/jpeg" }));
    return transfer;
  }, bytes);
  const header = page.getByRole("banner");
  await header.dispatchEvent("dragenter", { dataTransfer: data });
  await expect(page.getByText("Drop to check these pictures")).toBeVisible();
  await header.dispatchEvent("drop", { dataTransfer: data });
  await expect(verdict(card(page, "dropped.jpg"))).toBeVisible();
});

test("everything works with the keyboard alone, and the focus is visible", async ({ page }) => {
  const dialog = page.waitForEvent("filechooser");
  const focused = page.locator(":focus");
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeFocused();
  expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");

  await page.keyboard.press("Enter");
  await (await dialog).setFiles(china);
  const picture = card(page, "china.jpg");
  await expect(verdict(picture)).toBeVisible();

  const stops: (string | null)[] = [];
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press("Tab");
    stops.push(
      await focused.evaluate((element) => element.getAttribute("aria-label") ?? element.textContent),
    );
  }
  expect(stops.slice(0, 4)).toEqual([
    "Add pictures",
    "Start over",
    "Remove china.jpg",
    "Where it comes from",
  ]);
  expect(stops[4]).toMatch(/^What the file says about itself/);
  expect(stops[5]).toBe("Details");
  await page.keyboard.press("Enter");
  await expect(picture.getByText("Fine traces in the pixels")).toBeVisible();

  for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(picture).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeFocused();
});

test("a screen reader is told the verdict", async ({ page }) => {
  await choose(page, china);
  await expect(page.getByRole("log")).toHaveText(/^china\.jpg: (Likely|Uncertain).*chance of AI\.$/);
});

test("there is nothing to fault for axe, empty, with verdicts and problems, light and dark", async ({
  page,
}) => {
  await expectAccessible(page);
  await choose(page, [china, broken]);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await expect(card(page, "broken.jpg").getByText("The file is incomplete or damaged")).toBeVisible();
  await card(page, "china.jpg").getByText("Details").click();
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  await settle(page);
  await expectAccessible(page);
});

test("pictures outlive a visit to the about page", async ({ page }) => {
  await choose(page, china);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await page.getByRole("link", { name: "How it works and its limits" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "How it works and its limits" })).toBeVisible();
  await expect(page.getByText(/^Detector real-or-ai, version/)).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
});
