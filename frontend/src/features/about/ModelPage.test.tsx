import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ServedModel } from "@/shared/api/types";
import { makeModel } from "@/shared/testing/verdicts";
import { ModelPage } from "./ModelPage";

function show(card: Partial<ServedModel["card"]>) {
  const model = makeModel();
  const client = new QueryClient();
  client.setQueryData(["model"], { ...model, card: { ...model.card, ...card } });
  render(
    <QueryClientProvider client={client}>
      <ModelPage back={<a href="/">Back</a>} />
    </QueryClientProvider>,
  );
}

const rows = (table: HTMLElement) =>
  within(table)
    .getAllByRole("row")
    .map((row) => [...row.children].map((cell) => cell.textContent));

test("every figure is shown: in plain words, as the card explains it, or by its name", () => {
  show({
    figures: {
      traces: { quiz_uncertain: 0.9, quiz_auc_ChanMeng666: 0.5, seconds_per_picture: 12.3456 },
      "appearance + traces": { quiz_uncertain: 0.3, quiz_auc_ChanMeng666: 0.98, seconds_per_picture: 8 },
      tiny: { cifake_accuracy: 0.96 },
    },
    figures_explained: { cifake_accuracy: "CIFAKE's official test split" },
  });
  const [first, second] = screen.getAllByRole("table");
  if (!first || !second) throw new Error("Two tables were expected.");
  expect(rows(first)).toEqual([
    ["What was measured", "Together", "Fine traces alone"],
    ["Answered “uncertain”", "30%", "90%"],
    ["Ranking (AUC) on the source ChanMeng666", "0.980", "0.500"],
    ["seconds per picture", "8", "12.346"],
  ]);
  expect(rows(second)).toEqual([
    ["What was measured", "The check for very small pictures"],
    ["CIFAKE's official test split", "96%"],
  ]);
});

test("tables of the card are shown as they are, with a dash where nothing was measured", () => {
  show({
    tables: [
      {
        title: "Per generator",
        note: "Held-out sources.",
        columns: ["Generator", "Pictures", "AUC"],
        rows: [
          ["FLUX", 120, 0.912],
          ["Midjourney", 3, null],
        ],
      },
    ],
  });
  expect(screen.getByRole("heading", { name: "Per generator" })).toBeVisible();
  expect(screen.getByText("Held-out sources.")).toBeVisible();
  expect(rows(within(screen.getByRole("region", { name: "Per generator" })).getByRole("table"))).toEqual([
    ["Generator", "Pictures", "AUC"],
    ["FLUX", "120", "0.912"],
    ["Midjourney", "3", "–"],
  ]);
});

test("training data are counted by kind of source, and every source is there on demand", async () => {
  show({ training_data: { "quiz/a": { ai: 2, real: 3 }, "quiz/b": { ai: 10 }, "wild/c": { real: 1000 } } });
  expect(
    rows(within(screen.getByRole("region", { name: "What it learned from" })).getByRole("table")),
  ).toEqual([
    ["Kind", "Sources", "AI pictures", "Real pictures"],
    ["quiz", "2", "12", "3"],
    ["wild", "1", "0", "1,000"],
    ["Together", "3", "12", "1,003"],
  ]);
  await userEvent.click(screen.getByText("Every source"));
  expect(await screen.findByRole("rowheader", { name: "quiz/b" })).toBeVisible();
});
