import { expect } from "@playwright/test";
import type { Verdict } from "../src/shared/api/types";
import { card, choose, test, verdict } from "./page";
import { flower } from "./photos";
import { answer, startStandIn } from "./stand-in";

const real: Verdict = {
  id: "1",
  label: "real",
  probability: 0.03,
  bands: { real_below: 0.2, ai_above: 0.8 },
  model: { name: "real-or-ai", version: "1", missing: ["appearance"] },
  experts: [{ name: "traces", probability: 0.03 }],
  image: { width: 640, height: 427, format: "JPEG", bytes: 1, notes: [] },
  timings_ms: { decode: 1, queue: 1, inference: 1, total: 3 },
};

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
    page.getByText(/^One check is missing on this server: how the picture is rendered/),
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
  await expect(page.getByText("The server is busy. Trying again in 2 seconds.")).toBeVisible();
  await expect(verdict(card(page, "flower.jpg"))).toBeVisible();
  await standIn.close();
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThanOrEqual(2000);
});

test("a detector that is down is said so, and trying again works once it is back", async ({ page }) => {
  let down = true;
  const standIn = await startStandIn((request, _body, response) => {
    if (down) request.socket.destroy();
    else answer(response, 200, real);
  });
  await page.goto(standIn.url);
  await choose(page, flower);
  const picture = card(page, "flower.jpg");
  await expect(picture.getByText("The detector cannot be reached")).toBeVisible();
  down = false;
  await picture.getByRole("button", { name: "Try again" }).click();
  await expect(verdict(picture)).toBeVisible();
  await standIn.close();
});
