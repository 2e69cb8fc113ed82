import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse, type HttpResponseResolver } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type * as report from "@/features/report/report";
import type * as client from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import { makeModel, makeVerdict } from "@/shared/testing/verdicts";
import { App } from "./App";

// What the browser has and jsdom does not; the theme asks as soon as it is imported.
vi.hoisted(() => {
  window.matchMedia = () => new EventTarget() as MediaQueryList;
  window.scrollTo = () => undefined;
  window.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
  URL.createObjectURL = () => "blob:made";
  URL.revokeObjectURL = () => undefined;
  Blob.prototype.arrayBuffer = () => Promise.resolve(new Uint8Array([255, 216, 255]).buffer);
});
// Asked for by fetch, which in Node.js knows no address without a host.
vi.mock("@/shared/api/client", async (original) => ({
  ...(await original<typeof client>()),
  getModel: () => Promise.resolve(makeModel()),
}));
vi.setConfig({ testTimeout: 60_000 });

// Comes as a blob, which jsdom cannot take from a stand-in for the server.
const { fetchReport } = vi.hoisted(() => ({ fetchReport: vi.fn<typeof report.fetchReport>() }));
vi.mock("@/features/report/report", async (original) => ({
  ...(await original<typeof report>()),
  fetchReport,
  save: () => undefined,
}));

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
beforeEach(() => {
  history.replaceState(null, "", "/");
});
afterEach(() => {
  server.resetHandlers();
  window.dispatchEvent(new Event("online"));
});
afterAll(() => {
  server.close();
});

const patient = { timeout: 20_000 };
const judged: HttpResponseResolver = () => HttpResponse.json(makeVerdict());
const never: HttpResponseResolver = () => new Promise<never>(() => undefined);
const classify = (resolver: HttpResponseResolver) => {
  server.use(http.post("*/api/v1/classify", resolver));
};

function button(name: string | RegExp): Promise<HTMLElement> {
  return screen.findByRole("button", { name }, patient);
}

async function add(count: number): Promise<void> {
  const files = Array.from(
    { length: count },
    (_, index) => new File(["x"], `${index}.jpg`, { type: "image/jpeg" }),
  );
  await userEvent.upload(screen.getByLabelText("Pictures to check"), files);
  await screen.findByRole("list", { name: "Checked pictures" }, patient);
}

/** Uses a button as a keyboard does. */
async function press(name: string | RegExp): Promise<void> {
  (await button(name)).focus();
  await userEvent.keyboard("{Enter}");
}

async function expectFocus(heading: string): Promise<void> {
  await waitFor(() => {
    expect(screen.getByRole("heading", { name: heading })).toHaveFocus();
  }, patient);
}

/** The report of a server that writes it when the test says so. */
function slowReport(): { finish: () => void; signal: () => AbortSignal | undefined } {
  let finish = (): void => undefined;
  let signal: AbortSignal | undefined;
  fetchReport.mockImplementation((_files, _format, options) => {
    signal = options.signal;
    return new Promise((resolve) => {
      finish = () => {
        resolve({ name: "report.pdf", content: new Blob() });
      };
    });
  });
  return {
    finish: () => {
      finish();
    },
    signal: () => signal,
  };
}

test("a report goes on while pictures are added and another page is read", async () => {
  classify(judged);
  const report = slowReport();
  render(<App />);
  await add(4);
  await press(/^PDF: a document/);
  await button("Cancel the report");
  await add(1);
  await button("Start over");
  await userEvent.click(screen.getByRole("link", { name: "Guide and help" }));
  await screen.findByRole("heading", { name: "Guide and help" }, patient);
  await userEvent.click(screen.getByRole("link", { name: "Real or AI, start page" }));
  (await button("Cancel the report")).focus();
  report.finish();
  expect(await screen.findByText("Saved as report.pdf", {}, patient)).toBeVisible();
  await expectFocus("Keep a report");
});

test("a report ends with the last of the pictures, and what came out is not told about others", async () => {
  classify(judged);
  const report = slowReport();
  render(<App />);
  await add(1);
  await press(/^PDF: a document/);
  expect(report.signal()?.aborted).toBe(false);
  await press("Start over");
  expect(report.signal()?.aborted).toBe(true);
  await add(1);
  await button(/^PDF: a document/);
  expect(screen.queryByRole("button", { name: "Cancel the report" })).toBeNull();
});

test("a report that has to wait says so and can be cancelled", async () => {
  classify(judged);
  fetchReport.mockRejectedValue(new Problem("overloaded", { retryAfterMs: 60_000 }));
  render(<App />);
  await add(1);
  await press(/^PDF: a document/);
  const region = within(screen.getByRole("region", { name: "Download a report of the checked pictures" }));
  expect(
    await region.findByText("The server is very busy. The report goes on by itself.", {}, patient),
  ).toBeVisible();
  await press("Cancel the report");
  await expectFocus("Keep a report");
  expect(region.getByRole("status")).toBeEmptyDOMElement();
});

test("the focus stays on the page when controls of the work in progress go away", async () => {
  classify(never);
  render(<App />);
  await add(5);
  await press("Stop");
  await expectFocus("Results");
  await press("Try 5 failed ones again");
  await expectFocus("Results");
});

test("a server that is busy is announced, and so is a pause", async () => {
  classify(() => HttpResponse.text("", { status: 429, headers: { "retry-after": "60" } }));
  render(<App />);
  await add(5);
  const news = within(screen.getByRole("log"));
  expect(await news.findByText("Too many pictures in a short time", {}, patient)).toBeVisible();
  classify(never);
  await press("Try now");
  await expectFocus("Results");
  await press("Pause");
  expect(await news.findByText("Paused. Nothing more is sent until you go on.", {}, patient)).toBeVisible();
});

test("the start page gives the focus to its heading, unless the visit begins with it", async () => {
  render(<App />);
  expect(document.body).toHaveFocus();
  await userEvent.click(screen.getByRole("link", { name: "Guide and help" }));
  await userEvent.click(await screen.findByRole("link", { name: "Back to checking pictures" }, patient));
  await expectFocus("Was this picture made by AI?");
});

test("a browser that calls itself offline asks the server all the same", async () => {
  history.replaceState(null, "", "/guide");
  render(<App />);
  act(() => {
    window.dispatchEvent(new Event("offline"));
  });
  await userEvent.click(screen.getByRole("link", { name: "Model card" }));
  expect(await screen.findByText("real-or-ai, version 1.2.3", {}, patient)).toBeVisible();
});
