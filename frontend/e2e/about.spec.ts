import { expect } from "@playwright/test";
import { expectAccessible, settle, test } from "./page";

test("guide, method and model card are one tap away and have addresses of their own", async ({ page }) => {
  await page.goto("/");
  for (const [link, address, title] of [
    ["Guide and help", "/guide", "Guide and help · Real or AI"],
    ["How it works and its limits", "/about", "How it works and its limits · Real or AI"],
    ["Model card", "/model", "Model card · Real or AI"],
  ] as const) {
    await page.getByRole("contentinfo").getByRole("link", { name: link }).click();
    await expect(page).toHaveURL(address);
    await expect(page).toHaveTitle(title);
    await expect(page.getByRole("heading", { level: 1, name: link })).toBeFocused();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: link })).toBeVisible();
  }
  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await expect(page.getByRole("heading", { name: "Was this picture made by AI?" })).toBeVisible();
});

test("the model card shows every figure of the served model", async ({ page, request }) => {
  const { card } = (await (await request.get("/api/v1/model")).json()) as {
    card: { figures: Record<string, Record<string, number>>; limits: string[] };
  };
  await page.goto("/model");
  await expect(page.getByRole("heading", { name: "Figures" })).toBeVisible();
  for (const limit of card.limits) await expect(page.getByText(limit)).toBeVisible();
  const most = Math.max(...Object.values(card.figures).map((group) => Object.keys(group).length));
  const sizes = await page
    .getByRole("table")
    .evaluateAll((tables) => tables.map((table) => table.querySelectorAll("tbody tr").length));
  expect(sizes).toContain(most);
});

test("help answers on demand, and axe finds nothing to fault on any page to read", async ({ page }) => {
  await page.goto("/guide");
  await page.getByText("A file is refused").click();
  await expect(page.getByText("raw camera files are not")).toBeVisible();
  for (const address of ["/guide", "/model"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await settle(page);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "light" });
  }
});
