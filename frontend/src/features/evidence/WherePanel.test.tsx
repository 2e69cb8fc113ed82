import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeVerdict } from "@/shared/testing/verdicts";
import { WherePanel } from "./WherePanel";

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterAll(() => {
  server.close();
});

test("asking again for the map keeps the focus where it was", async () => {
  server.use(http.post("*/api/v1/classify", () => HttpResponse.text("", { status: 500 })));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WherePanel file={new File(["x"], "a.jpg")} name="a.jpg" verdict={makeVerdict()} />
    </QueryClientProvider>,
  );
  const again = await screen.findByRole("button", { name: "Try again" });
  server.use(http.post("*/api/v1/classify", () => new Promise<never>(() => undefined)));
  again.focus();
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByText("Asking the detector where it looked…")).toBeVisible();
  expect(again).not.toBeInTheDocument();
  expect(document.activeElement).toHaveTextContent("Asking the detector where it looked…");
  expect(document.body).not.toHaveFocus();
});
