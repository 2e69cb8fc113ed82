import { expect, type Page } from "@playwright/test";
import { makeVerdict } from "../src/shared/testing/verdicts";
import { card, choose, expectAccessible, settle, test, verdict } from "./page";
import { china, flower } from "./photos";
import { answer, startStandIn } from "./stand-in";

let url: string;
let close: () => Promise<void>;
let requests: string[];

test.beforeEach(async () => {
  requests = [];
  ({ url, close } = await startStandIn((request, body, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    if (request.url !== "/v1/classify") {
      answer(response, 404, {});
      return;
    }
    const china = body.subarray(0, 400).includes("china");
    answer(
      response,
      200,
      makeVerdict({
        id: `verdict-${requests.length}`,
        label: china ? "real" : "ai",
        probability: china ? 0.04 : 0.97,
      }),
    );
  }));
});
test.afterEach(async () => {
  await close();
});

const keepSwitch = (page: Page) => page.getByRole("switch", { name: "Keep a history in this browser" });
const entries = (page: Page) => page.getByRole("list", { name: "History" }).getByRole("listitem");

async function openHistory(page: Page): Promise<void> {
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeFocused();
}

async function checkBoth(page: Page): Promise<void> {
  await choose(page, [china, flower]);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
}

/** What the page's own storage holds, as the browser's tools would show it. */
function stored(page: Page): Promise<{ name: string; bytes: number; type: string }[]> {
  return page.evaluate(async () => {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === "history")) return [];
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("history");
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error("The database does not open."));
      };
    });
    const all = await new Promise<{ name: string; thumbnail: Blob }[]>((resolve) => {
      const request = db.transaction("entries").objectStore("entries").getAll();
      request.onsuccess = () => {
        resolve(request.result as { name: string; thumbnail: Blob }[]);
      };
    });
    db.close();
    return all.map(({ name, thumbnail }) => ({ name, bytes: thumbnail.size, type: thumbnail.type }));
  });
}

test("nothing is kept until a person switches the history on", async ({ page }) => {
  await page.goto(url);
  await checkBoth(page);
  await openHistory(page);
  await expect(keepSwitch(page)).not.toBeChecked();
  await expect(page.getByText(/They are not sent anywhere/)).toBeVisible();
  await expect(entries(page)).toHaveCount(0);
  expect(await stored(page)).toEqual([]);
});

test("once on, answers are kept with a small preview, across visits, and sent nowhere", async ({ page }) => {
  await page.goto(url);
  await checkBoth(page);
  await openHistory(page);
  await keepSwitch(page).click();
  // Those checked just before are kept, too.
  await expect(entries(page)).toHaveCount(2);
  const asked = requests.length;

  await page.reload();
  await expect(keepSwitch(page)).toBeChecked();
  const first = entries(page).filter({ hasText: "flower.jpg" });
  await expect(first).toContainText("Likely AI-made");
  await expect(first).toContainText("97% chance of AI");
  await expect(first).toContainText("real-or-ai 1.2.3");
  const preview = first.locator("img");
  await expect
    .poll(() => preview.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([160, 107]);
  for (const { bytes, type } of await stored(page)) {
    expect(type).toBe("image/jpeg");
    expect(bytes).toBeLessThan(20_000);
  }
  expect(requests.slice(asked).filter((one) => !one.endsWith("/v1/model"))).toEqual([]);

  await page.getByRole("link", { name: "Real or AI, start page" }).click();
  await choose(page, { ...china, name: "again.jpg" });
  await expect(verdict(card(page, "again.jpg"))).toBeVisible();
  await openHistory(page);
  await expect(entries(page)).toHaveCount(3);
});

test("the history can be searched, sifted, and deleted one by one or as a whole", async ({ page }) => {
  await page.goto(url);
  await openHistory(page);
  await keepSwitch(page).click();
  await expect(page.getByText("Nothing here yet. What you check from now on appears here.")).toBeVisible();
  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await checkBoth(page);
  await choose(page, { ...china, name: "great wall of china.jpg" });
  await expect(verdict(card(page, "great wall of china.jpg"))).toBeVisible();
  await openHistory(page);
  await expect(entries(page)).toHaveCount(3);

  await page.getByRole("searchbox", { name: "Search by name" }).fill("wall OF");
  await expect(entries(page)).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search by name" }).fill("zebra");
  await expect(page.getByText("Nothing matches.")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search by name" }).fill("");
  await page.getByRole("button", { name: "Likely AI-made 1" }).click();
  await expect(entries(page)).toHaveText([/flower\.jpg/]);
  await page.getByRole("button", { name: "All 3" }).click();

  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Delete flower.jpg from the history" }).click();
  await dialog.getByRole("button", { name: "Keep everything" }).click();
  await expect(entries(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Delete flower.jpg from the history" }).click();
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(entries(page)).toHaveCount(2);
  await expect(page.locator("li:focus")).toHaveCount(1);

  await page.getByRole("button", { name: "Delete all" }).click();
  await expect(dialog.getByText("2 entries leave this browser for good.")).toBeVisible();
  await dialog.getByRole("button", { name: "Delete all" }).click();
  await expect(entries(page)).toHaveCount(0);
  expect(await stored(page)).toEqual([]);
  // What was deleted does not come back from the pictures that are still on the page.
  await keepSwitch(page).click();
  await keepSwitch(page).click();
  await expect(page.getByText("Nothing here yet. What you check from now on appears here.")).toBeVisible();
});

test("switched off, nothing new is kept, and what is there stays until it is deleted", async ({ page }) => {
  await page.goto(url);
  await openHistory(page);
  await keepSwitch(page).click();
  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await choose(page, china);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await openHistory(page);
  await expect(entries(page)).toHaveCount(1);
  await keepSwitch(page).click();
  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await choose(page, flower);
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await openHistory(page);
  await expect(entries(page)).toHaveText([/china\.jpg/]);
});

test("when there is no room, the oldest entries go first and the newest is kept", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: url, quotaSize: 5_000_000 });
  await page.goto(`${url}/history`);
  await keepSwitch(page).click();
  await expect(page.getByText("Nothing here yet. What you check from now on appears here.")).toBeVisible();
  // Old entries until nothing more goes in, not even a very small one.
  const kept = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("history");
      request.onsuccess = () => {
        resolve(request.result);
      };
    });
    const put = (index: number, bytes: number) =>
      new Promise<boolean>((resolve) => {
        const transaction = db.transaction("entries", "readwrite");
        const thumbnail = new Blob([new Uint8Array(bytes).map(() => Math.random() * 256)]);
        const entry = { id: `old-${index}`, name: `old ${index}.jpg`, at: index, thumbnail };
        transaction
          .objectStore("entries")
          .put({ ...entry, label: "real", probability: 0.1, model: "real-or-ai 0.9" });
        transaction.oncomplete = () => {
          resolve(true);
        };
        transaction.onabort = () => {
          resolve(false);
        };
      });
    let count = 0;
    for (const bytes of [60_000, 10_000, 1_000]) while (await put(count, bytes)) count++;
    db.close();
    return count;
  });
  expect(kept).toBeGreaterThan(60);

  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await choose(page, china);
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await openHistory(page);
  await expect(entries(page).first()).toContainText("china.jpg");
  await expect(entries(page).nth(1)).toContainText(`old ${kept - 1}.jpg`);
  await expect(page.getByRole("heading", { name: `${kept - 19} pictures kept` })).toBeVisible();
});

test("a browser that keeps nothing is said so, and checking works all the same", async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("Private window.", "SecurityError");
    };
    localStorage.setItem("history", "on");
  });
  await page.goto(url);
  await checkBoth(page);
  await openHistory(page);
  await expect(page.getByText(/This browser lets the page keep nothing/)).toBeVisible();
  await expect(keepSwitch(page)).toHaveCount(0);
  await expectAccessible(page);
});

test("there is nothing to fault for axe in the history, empty and full, light and dark", async ({ page }) => {
  await page.goto(`${url}/history`);
  await expect(keepSwitch(page)).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  await keepSwitch(page).click();
  await page.getByRole("link", { name: "Back to checking pictures" }).click();
  await checkBoth(page);
  await openHistory(page);
  await expect(entries(page)).toHaveCount(2);
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete all" }).click();
  await expectAccessible(page);
});
