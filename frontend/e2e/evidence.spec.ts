import { expect, type Locator, type Page } from "@playwright/test";
import type { ServerResponse } from "node:http";
import { makeModel } from "../src/shared/testing/verdicts";
import type { Verdict } from "../src/shared/api/types";
import { card, choose, expectAccessible, settle, test, verdict } from "./page";
import { flower } from "./photos";
import { answer, startStandIn } from "./stand-in";
import { contradiction, explained, photograph } from "./verdicts";

/** The page with one picture on it that got this verdict. */
async function showVerdict(page: Page, shown: Verdict, onExplain?: (response: ServerResponse) => void) {
  const asked = { plain: 0, explained: 0 };
  const standIn = await startStandIn((request, body, response) => {
    if (request.url === "/v1/model") {
      answer(response, 200, makeModel());
    } else if (!body.includes('name="explain"')) {
      asked.plain++;
      answer(response, 200, shown);
    } else {
      asked.explained++;
      if (onExplain) onExplain(response);
      else answer(response, 200, explained(shown));
    }
  });
  await page.goto(standIn.url);
  await choose(page, flower);
  const picture = card(page, "flower.jpg");
  await expect(verdict(picture)).toBeVisible();
  return { ...standIn, picture, asked };
}

const signal = (picture: Locator, source: string): Locator => picture.locator(`[data-signal="${source}"]`);

test("the heat map is asked for when it is opened, lies on the picture, and its strength can be set", async ({
  page,
}) => {
  const { picture, asked, close } = await showVerdict(page, photograph);
  expect(asked).toEqual({ plain: 1, explained: 0 });

  await picture.getByText("Where it comes from").click();
  const map = picture.getByRole("img", { name: /^Heat map of the picture flower\.jpg: red where/ });
  await expect(map).toBeVisible();
  expect(asked).toEqual({ plain: 1, explained: 1 });
  const under = map.locator("xpath=preceding-sibling::img");
  expect(await map.boundingBox()).toEqual(await under.boundingBox());
  const box = await map.boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(640 / 427, 1);

  const slider = picture.getByRole("slider", { name: "Strength of the colours" });
  await slider.fill("25");
  await expect(map).toHaveCSS("opacity", "0.25");
  await slider.press("Home");
  await expect(map).toHaveCSS("opacity", "0");
  await expect(picture.getByText("It is not a map of edited areas")).toBeVisible();
  await close();
});

test("an explanation that a busy server refuses is asked for again; one that fails says so", async ({
  page,
}) => {
  let tries = 0;
  const { picture, close } = await showVerdict(page, photograph, (response) => {
    tries++;
    if (tries === 1) answer(response, 503, { type: "/problems/overloaded" }, { "retry-after": "1" });
    else if (tries === 2) answer(response, 500, { type: "/problems/internal-error" });
    else answer(response, 200, explained(photograph));
  });
  await picture.getByText("Where it comes from").click();
  await expect(picture.getByRole("alert")).toHaveText(
    /^The map could not be made: The server made a mistake/,
  );
  expect(tries).toBe(2);
  await picture.getByRole("button", { name: "Try again" }).click();
  await expect(picture.getByRole("slider")).toBeVisible();
  await close();
});

test("a map that the server does not send is said to be missing", async ({ page }) => {
  const { picture, close } = await showVerdict(page, photograph, (response) => {
    answer(response, 200, { ...photograph, explanation: { maps: [], heatmap_png: "" } });
  });
  await picture.getByText("Where it comes from").click();
  await expect(picture.getByText("The server sent no map for this picture.")).toBeVisible();
  await close();
});

test("every source of marks has its state, its sentence and its details, apart from the probability", async ({
  page,
}) => {
  const { picture, close } = await showVerdict(page, contradiction);
  await expect(picture.getByText("points to AI")).toBeVisible();
  await picture.getByText("What the file says about itself").click();
  await expect(picture.getByText("never change the probability")).toBeVisible();

  await expect(signal(picture, "c2pa")).toContainText("Points to AI");
  await expect(signal(picture, "c2pa")).toContainText(
    "A signed record (Content Credentials) says that AI made this picture. " +
      "The signature by OpenAI is valid, but this signer is not on the trust list.",
  );
  await expect(signal(picture, "c2pa").getByRole("row")).toHaveText([
    "SignerOpenAI",
    "Signer’s organisationOpenAI OpCo",
    "Signed2026-03-01T10:00:00Z",
    "Recorded actionsc2pa.created\nc2pa.converted",
    "Digital source typetrainedAlgorithmicMedia",
    "a-detail-of-tomorrowvalue",
  ]);
  await expect(signal(picture, "exif")).toContainText("Not checked");
  await expect(signal(picture, "exif")).toContainText("A new sentence.");
  await expect(signal(picture, "iptc")).toContainText("None");
  await close();
});

test("a damaged mark is called invalid", async ({ page }) => {
  const { picture, close } = await showVerdict(page, photograph);
  await expect(picture.getByText("points to a camera · invalid marks")).toBeVisible();
  await picture.getByText("What the file says about itself").click();
  await expect(signal(picture, "iptc")).toContainText("Invalid");
  await close();
});

test("what speaks for and against the verdict is told in plain words", async ({ page }) => {
  const { picture, close } = await showVerdict(page, contradiction);
  const words = picture.getByRole("region", { name: "In plain words" });
  await expect(picture.getByText("The pixels did not show it, but the file itself says")).toBeVisible();
  await expect(words.getByText("The check “How the picture is rendered as a whole” alone")).toContainText(
    "81%",
  );
  await expect(words.getByText("The check “Fine traces in the pixels” is missing")).toBeVisible();
  await expect(words.getByText("English of a-statement-of-tomorrow.")).toBeVisible();
  await expect(words.getByRole("heading")).toHaveText(["Speaks for AI", "Keep in mind", "Not checked"]);
  await close();
});

test("a report is saved under the server's name with one tap, and a refusal is shown", async ({ page }) => {
  const formats: (string | null)[] = [];
  let sent: Buffer = Buffer.alloc(0);
  const standIn = await startStandIn((request, body, response) => {
    const address = new URL(request.url ?? "", "http://api");
    if (address.pathname === "/v1/classify") {
      answer(response, 200, photograph);
    } else if (address.pathname === "/v1/report") {
      formats.push(address.searchParams.get("format"));
      sent = body;
      if (formats.length > 1) {
        answer(response, 413, { type: "/problems/too-many-images", detail: "At most 1 picture." });
        return;
      }
      response
        .writeHead(200, {
          "content-type": "application/pdf",
          "content-disposition": `attachment; filename="report.pdf"; filename*=UTF-8''${encodeURIComponent("Bericht 报告.pdf")}`,
        })
        .end("%PDF-1.7 made");
    } else {
      answer(response, 200, makeModel());
    }
  });
  await page.goto(standIn.url);
  await choose(page, flower);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^PDF: a document/ }).click();
  expect((await download).suggestedFilename()).toBe("Bericht 报告.pdf");
  await expect(page.getByText("Saved as Bericht 报告.pdf")).toBeVisible();
  expect(sent.includes(flower.buffer)).toBe(true);

  await page.getByRole("button", { name: /^ZIP: the originals/ }).click();
  await expect(
    page.getByText("The report could not be made: Too many pictures at once. At most 1"),
  ).toBeVisible();
  expect(formats).toEqual(["pdf", "zip"]);
  await standIn.close();
});

test("a report of a mistake describes the verdict and not the picture", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { picture, close } = await showVerdict(page, contradiction);
  await picture.getByText("Report a mistake").click();
  await picture.getByRole("radio", { name: "Made by AI" }).check();
  await picture.getByRole("button", { name: "Copy the text" }).click();
  await expect(picture.getByRole("button", { name: "Copied" })).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("Answer: uncertain, P(AI) = 0.4100\nIn truth: ai\n");
  expect(text).toContain("Model: real-or-ai 1.2.3, without traces");
  expect(text).toContain("PNG, 640 x 427 pixels, 1200000 bytes");
  for (const secret of ["flower", "lighthouse"]) expect(text).not.toContain(secret);
  await close();
});

test("there is nothing to fault for axe with all evidence open, light and dark", async ({ page }) => {
  const { picture, close } = await showVerdict(page, contradiction);
  for (const part of [
    "Where it comes from",
    "What the file says about itself",
    "Details",
    "Report a mistake",
  ]) {
    await picture.getByText(part, { exact: true }).click();
  }
  await expect(picture.getByRole("slider")).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  await settle(page);
  await expectAccessible(page);
  await close();
});
