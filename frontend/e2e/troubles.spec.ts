import { expect } from "@playwright/test";
import { makeVerdict } from "../src/shared/testing/verdicts";
import { card, choose, notice, test, verdict } from "./page";
import { china, flower } from "./photos";
import { answer, startStandIn } from "./stand-in";

const real = makeVerdict({
  label: "real",
  probability: 0.03,
  model: { name: "real-or-ai", version: "1", missing: ["appearance"] },
  summary: {
    text: "",
    statements: [
      { code: "missing-expert", role: "caution", values: { expert: "appearance" }, text: "One is missing." },
    ],
  },
});

test("the file arrives byte for byte, and a missing check is said plainly", async ({ page }) => {
  let form: Buffer = Buffer.alloc(0);
  const standIn = await startStandIn((request, body, response) => {
    if (request.url !== "/v1/classify") {
      answer(response, 404, {});
      return;
    }
    form = body;
    answer(response, 200, real);
  });
  await page.goto(standIn.url);
  await choose(page, flower);
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await expect(
    page.getByText("The check “How the picture is rendered as a whole” is missing on this server"),
  ).toBeVisible();
  await standIn.close();

  // The form holds one part: its boundary line, its headers, a blank line, the file, the boundary again.
  const boundary = form.subarray(0, form.indexOf("\r\n"));
  const start = form.indexOf("\r\n\r\n") + 4;
  const end = form.lastIndexOf(Buffer.concat([Buffer.from("\r\n"), boundary]));
  expect(form.subarray(start, end).equals(flower.buffer)).toBe(true);
});

test("a busy server is asked again by itself, after the time it names", async ({ page }) => {
  const times: number[] = [];
  const standIn = await startStandIn((request, _body, response) => {
    if (request.url !== "/v1/classify") {
      answer(response, 404, {});
      return;
    }
    times.push(Date.now());
    if (times.length > 1) answer(response, 200, real);
    else answer(response, 503, { type: "/problems/overloaded" }, { "retry-after": "2" });
  });
  await page.goto(standIn.url);
  await choose(page, flower);
  await expect(notice(page, "The server is very busy")).toBeVisible();
  await expect(page.getByText("Trying again by itself in 2 seconds.")).toBeVisible();
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await standIn.close();
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThanOrEqual(2000);
});

test("a detector that is down is said so, and asked again by itself or at once", async ({ page }) => {
  let down = true;
  const standIn = await startStandIn((request, _body, response) => {
    if (down) request.socket.destroy();
    else answer(response, 200, real);
  });
  await page.goto(standIn.url);
  await choose(page, [flower, china]);
  await expect(notice(page, "The detector cannot be reached")).toBeVisible();
  await expect(page.getByText(/^Trying again by itself in \d+ seconds?\.$/)).toBeVisible();
  down = false;
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await expect(verdict(card(page, "china.jpg"))).toBeVisible();
  await expect(page.getByText("The detector cannot be reached")).toHaveCount(0);
  await standIn.close();
});
