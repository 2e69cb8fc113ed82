import { expect, type Locator, type Page } from "@playwright/test";
import { rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Label, Verdict } from "../src/shared/api/types";
import { makeVerdict } from "../src/shared/testing/verdicts";
import { makePictures } from "./made-pictures";
import { card, choose, expectAccessible, notice, settle, test } from "./page";
import { china } from "./photos";
import { answer, startStandIn } from "./stand-in";

type Reply = (name: string, response: ServerResponse, request: IncomingMessage) => void;

let folder: string;
test.beforeAll(() => {
  folder = makePictures(500);
});
test.afterAll(() => {
  rmSync(folder, { recursive: true });
});

let reply: Reply;
let url: string;
let close: () => Promise<void>;
/** When each picture reached the stand-in. */
let arrivals: { name: string; at: number }[];

test.beforeEach(async () => {
  reply = (name, response) => {
    answer(response, 200, verdictOn(name));
  };
  arrivals = [];
  ({ url, close } = await startStandIn((request, body, response) => {
    if (request.url !== "/v1/classify") {
      answer(response, 404, {});
      return;
    }
    const name = /filename="([^"]*)"/.exec(body.subarray(0, 400).toString())?.[1] ?? "";
    arrivals.push({ name, at: Date.now() });
    reply(name, response, request);
  }));
});
test.afterEach(async () => {
  await close();
});

/** Pictures 0 to 49 of each hundred are real, 50 to 59 uncertain, the rest AI-made. */
function verdictOn(name: string): Verdict {
  const probability = (Number(/\d+/.exec(name)?.[0] ?? 0) % 100) / 100;
  const label: Label = probability < 0.5 ? "real" : probability < 0.6 ? "uncertain" : "ai";
  return makeVerdict({ id: name, label, probability });
}

function row(page: Page, name: string): Locator {
  return page.getByRole("button", { name: new RegExp(`^${name}`) });
}

/** The names of the rows in the page, from top to bottom. */
function rows(page: Page): Promise<string[]> {
  return page
    .getByRole("list", { name: "Checked pictures" })
    .getByRole("listitem")
    .evaluateAll((items) => items.map((item) => /picture \d+/.exec(item.textContent)?.[0] ?? ""));
}

async function chooseFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel("Folder with pictures to check").setInputFiles(path);
}

/** A few screens further down; resolves when they have been painted. */
function scrollOn(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        window.scrollBy({ top: 2_000 });
        requestAnimationFrame(() => setTimeout(resolve));
      }),
  );
}

/** Counts what the page makes and gives back, and how long it is busy without a pause. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made = new Set<string>();
    const seen = { made, most: 0, total: 0, longest: 0 };
    Object.assign(window, { seen });
    const create = URL.createObjectURL.bind(URL);
    const revoke = URL.revokeObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      const address = create(blob);
      made.add(address);
      seen.total++;
      seen.most = Math.max(seen.most, made.size);
      return address;
    };
    URL.revokeObjectURL = (address: string) => {
      made.delete(address);
      revoke(address);
    };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: "longtask" });
  });
}

interface Seen {
  made: Set<string>;
  most: number;
  total: number;
  longest: number;
}

function seen(page: Page) {
  return page.evaluate(() => {
    const { made, most, total, longest } = (window as unknown as { seen: Seen }).seen;
    return { open: made.size, most, total, longest, nodes: document.querySelectorAll("*").length };
  });
}

test("500 pictures all get a verdict, and the page holds only what is near the view", async ({ page }, {
  annotations,
}) => {
  test.setTimeout(180_000);
  await watch(page);
  await page.goto(url);
  const { nodes: nodesBefore } = await seen(page);
  await chooseFolder(page, folder);
  const overall = page.getByRole("progressbar", { name: "All pictures together" });
  await expect(page.getByText("1 file in the folder is not a picture and was left out.")).toBeVisible();

  const nodes: number[] = [];
  while ((await overall.getAttribute("aria-valuenow")) !== "500") {
    await scrollOn(page);
    nodes.push((await seen(page)).nodes);
  }
  await expect(page.getByText("500 pictures", { exact: true })).toBeVisible();
  expect(new Set(arrivals.map(({ name }) => name)).size).toBe(500);
  expect(arrivals).toHaveLength(500);

  // To the end of the list and back.
  const lastRow = row(page, "picture 499.jpg");
  while (!(await lastRow.isVisible())) await scrollOn(page);
  await expect(lastRow).toContainText("Likely AI-made");
  nodes.push((await seen(page)).nodes);
  await page.evaluate(() => {
    window.scrollTo({ top: 0 });
  });

  const { most, total, longest } = await seen(page);
  annotations.push({
    type: "figures",
    description: `nodes ${Math.max(...nodes)} (${nodesBefore} before), object URLs ${total}, at most ${most} at a time, longest task ${longest} ms`,
  });
  expect(Math.max(...nodes) - nodesBefore).toBeLessThan(900);
  expect(most).toBeLessThan(60);

  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("heading", { name: "Was this picture made by AI?" })).toBeVisible();
  expect((await seen(page)).open).toBe(0);
});

test("a dropped folder is read with the folders inside it", async ({ page, browserName }, { project }) => {
  test.skip(browserName !== "chromium" || project.name === "phone", "drops real folders through Chromium");
  await page.goto(url);
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await expect(page.getByText(/^(\d+ of 500 checked|500 pictures)$/)).toBeVisible();
  await expect(page.getByText("1 file in the folder is not a picture and was left out.")).toBeVisible();
});

test("a folder without pictures is said so", async ({ page }) => {
  const empty = makePictures(0);
  await page.goto(url);
  await chooseFolder(page, empty);
  await expect(page.getByText("1 file in the folder is not a picture and was left out.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeVisible();
  rmSync(empty, { recursive: true });
});

test("one picture brings no tools for many", async ({ page }) => {
  await page.goto(url);
  await choose(page, china);
  await expect(card(page, "china.jpg")).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "All pictures together" })).toHaveCount(0);
  await expect(page.getByRole("group", { name: "Which pictures to show" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^(Pause|Stop|Add a folder)$/ })).toHaveCount(0);
});

test("pause, go on, stop, and try the rest again", async ({ page }) => {
  const held: (() => void)[] = [];
  reply = (name, response) => {
    held.push(() => {
      answer(response, 200, verdictOn(name));
    });
  };
  await page.goto(url);
  await chooseFolder(page, `${folder}/day 1`);
  await expect.poll(() => held.length).toBe(2);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(notice(page, "Paused. Nothing more is sent until you go on.")).toBeVisible();
  for (const release of held) release();
  await expect(page.getByText("2 of 100 checked")).toBeVisible();
  expect(arrivals).toHaveLength(2);

  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(() => held.length).toBe(4);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("100 pictures", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Results" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Not checked 98" })).toBeVisible();

  reply = (name, response) => {
    answer(response, 200, verdictOn(name));
  };
  await page.getByRole("button", { name: "Try 98 failed ones again" }).click();
  await expect(page.getByRole("button", { name: /^Not checked/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Likely real 50" })).toBeVisible();
});

test("a detector that goes away in the middle costs nothing, and the page goes on by itself", async ({
  page,
}) => {
  let down = false;
  reply = (name, response, request) => {
    if (arrivals.length === 40) down = true;
    if (down) request.socket.destroy();
    else answer(response, 200, verdictOn(name));
  };
  await page.goto(url);
  await chooseFolder(page, `${folder}/day 1`);
  await expect(notice(page, "The detector cannot be reached")).toBeVisible();
  await expect(page.getByText(/^Trying again by itself in \d seconds?\.$/)).toBeVisible();
  const asked = arrivals.length;
  await page.waitForTimeout(5_000);
  expect(arrivals.length - asked).toBeLessThanOrEqual(4);
  down = false;
  await expect(page.getByText("100 pictures", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Not checked/ })).toHaveCount(0);
});

test("a server that is busy is left alone as long as it asks, by all pictures", async ({ page }) => {
  reply = (name, response) => {
    if (arrivals.length === 20)
      answer(response, 429, { type: "/problems/rate-limited" }, { "retry-after": "3" });
    else answer(response, 200, verdictOn(name));
  };
  await page.goto(url);
  await chooseFolder(page, `${folder}/day 1`);
  await expect(notice(page, "Too many pictures in a short time")).toBeVisible();
  await expect(page.getByText("100 pictures", { exact: true })).toBeVisible();
  const refused = arrivals[19]?.at ?? 0;
  const meanwhile = arrivals.filter(({ at }, index) => index > 19 && at - refused < 3_000);
  // One more may have been on its way when the server asked for quiet.
  expect(meanwhile.length).toBeLessThanOrEqual(1);
  expect(arrivals).toHaveLength(101);
});

test("the list can be sifted and sorted, and a row opens into the whole answer", async ({ page }) => {
  await page.goto(url);
  await chooseFolder(page, `${folder}/day 1`);
  await expect(page.getByText("100 pictures", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Uncertain 10" }).click();
  expect((await rows(page)).slice(0, 2)).toEqual(["picture 050", "picture 051"]);
  await page.getByLabel("Order").selectOption("Chance of AI");
  expect((await rows(page)).slice(0, 2)).toEqual(["picture 059", "picture 058"]);
  await page.getByRole("button", { name: "All 100" }).click();
  expect((await rows(page)).slice(0, 2)).toEqual(["picture 099", "picture 098"]);

  await row(page, "picture 098.jpg").focus();
  await page.keyboard.press("Enter");
  const picture = card(page, "picture 098.jpg");
  await expect(picture).toBeFocused();
  await expect(picture.getByText("The pixels look like those of pictures that AI made")).toBeVisible();
  await picture.getByRole("button", { name: "Fold picture 098.jpg back into the list" }).click();
  await expect(row(page, "picture 098.jpg")).toBeFocused();

  // Scrolled far away, the row with the focus is still there to go on from.
  for (let i = 0; i < 3; i++) await scrollOn(page);
  await expect(row(page, "picture 099.jpg")).toHaveCount(0);
  await expect(row(page, "picture 098.jpg")).toBeFocused();
});

test("a screen reader hears how far many pictures are and what came out, not each of them", async ({
  page,
}) => {
  await page.goto(url);
  await chooseFolder(page, `${folder}/day 1`);
  const log = page.getByRole("log");
  await expect(log).toHaveText("100 pictures, 40 likely AI-made, 50 likely real, 10 uncertain");
  await expect(log.locator("p")).toHaveCount(1);
});

test("there is nothing to fault for axe with many pictures, light and dark", async ({ page }) => {
  reply = (name, response) => {
    if (arrivals.length === 30)
      answer(response, 503, { type: "/problems/overloaded" }, { "retry-after": "60" });
    else if (arrivals.length === 3) answer(response, 500, { type: "/problems/internal-error" });
    else answer(response, 200, verdictOn(name));
  };
  await page.goto(url);
  await chooseFolder(page, folder);
  await expect(notice(page, "The server is very busy")).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Start over" }).click();
  await expectAccessible(page);
});
