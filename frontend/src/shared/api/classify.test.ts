import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { makeVerdict } from "@/shared/testing/verdicts";
import { classifyFile } from "./classify";
import { Problem } from "./problem";

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

const file = new File([new Uint8Array([255, 216, 255, 0, 10, 13])], "a.jpg", { type: "image/jpeg" });
const send = (signal = new AbortController().signal) => classifyFile(file, { signal, onProgress: vi.fn() });

test("a verdict comes back with the request id", async () => {
  const verdict = makeVerdict();
  server.use(
    http.post("*/api/v1/classify", () => HttpResponse.json(verdict, { headers: { "x-request-id": "abc" } })),
  );
  await expect(send()).resolves.toEqual({ verdict, requestId: "abc" });
});

test("a refusal is thrown as its problem", async () => {
  server.use(
    http.post("*/api/v1/classify", () =>
      HttpResponse.json({ type: "/problems/too-small", detail: "8 x 8." }, { status: 422 }),
    ),
  );
  await expect(send()).rejects.toMatchObject({ slug: "too-small", info: { detail: "8 x 8." } });
});

test("a 200 that is not JSON is a problem, not a verdict", async () => {
  server.use(http.post("*/api/v1/classify", () => HttpResponse.text("<html>")));
  await expect(send()).rejects.toBeInstanceOf(Problem);
});

test("no connection is the problem network", async () => {
  server.use(http.post("*/api/v1/classify", () => HttpResponse.error()));
  await expect(send()).rejects.toMatchObject({ slug: "network" });
});

test("a cancelled upload ends with an AbortError", async () => {
  server.use(http.post("*/api/v1/classify", () => new Promise<never>(() => undefined)));
  const controller = new AbortController();
  const reply = send(controller.signal);
  controller.abort();
  await expect(reply).rejects.toMatchObject({ name: "AbortError" });
});
