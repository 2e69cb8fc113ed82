import { expect, type Page } from "@playwright/test";
import { join } from "node:path";
import { card, choose, settle, test, verdict } from "./page";
import { broken, china, flower } from "./photos";

const background = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const light = "rgb(246, 245, 241)";
const dark = "rgb(19, 19, 17)";

test("nothing sticks out at 360 px", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  for (const address of ["/about", "/"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
  }
  const long = { ...broken, name: `${"a-very-long-name-without-spaces".repeat(6)}.jpg` };
  await choose(page, [china, long]);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await expect(card(page, long.name).getByText("The file is incomplete or damaged")).toBeVisible();
  await card(page, "china.jpg").getByText("Details").click();
  expect(await overhang(page)).toBeLessThanOrEqual(0);
});

test("the theme follows the system until the visitor chooses, and the choice is kept", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  expect(await background(page)).toBe(dark);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await background(page)).toBe(light);

  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  expect(await background(page)).toBe(dark);
  await page.reload();
  await expect(page.getByRole("button", { name: "Switch to the light theme" })).toBeVisible();
  expect(await background(page)).toBe(dark);
});

test("the verdict of a single picture needs no scrolling", async ({ page }) => {
  await page.goto("/");
  await choose(page, china);
  const picture = card(page, "china.jpg");
  await expect(verdict(picture)).toBeInViewport({ ratio: 1 });
  await expect(picture.getByText(/chance of AI: /)).toBeInViewport({ ratio: 1 });
});

test("pictures for the README", async ({ page }, { project }) => {
  test.skip(process.env["SCREENSHOTS"] !== "1", "only with SCREENSHOTS=1");
  await page.goto("/");
  await choose(page, flower);
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await settle(page);
  await page.screenshot({ path: join(import.meta.dirname, `../../docs/screenshots/${project.name}.png`) });
});

function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
