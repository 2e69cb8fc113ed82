import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ServedModel } from "@/shared/api/types";
import { makeModel } from "@/shared/testing/verdicts";
import { AboutPage } from "./AboutPage";

function show(model: ServedModel) {
  const client = new QueryClient();
  client.setQueryData(["model"], model);
  render(
    <QueryClientProvider client={client}>
      <AboutPage back={<a href="/">Back</a>} more={<a href="/model">More</a>} />
    </QueryClientProvider>,
  );
}

test("the figures of the model card are shown in plain words", () => {
  const { card } = makeModel();
  show(
    makeModel({
      card: {
        ...card,
        figures: {
          traces: { quiz_balanced_accuracy: 0.6 },
          "appearance + traces": { quiz_balanced_accuracy: 0.8123, quiz_mean_source_auc: 0.891 },
          tiny: { cifake_accuracy: 0.9634 },
        },
      },
    }),
  );
  expect(
    screen.getByRole("row", {
      name: /Right answers, real and AI counted equally, “uncertain” as half 81.2% 60%/,
    }),
  ).toBeVisible();
  expect(
    screen.getByRole("row", { name: /Ranking \(AUC\), real and AI pictures of the same subjects 0.891 –/ }),
  ).toBeVisible();
  expect(screen.getAllByRole("columnheader").map((header) => header.textContent)).toEqual([
    "On test pictures the detector never saw",
    "Together",
    "Fine traces alone",
  ]);
  expect(screen.getByText(/96.3% of the answers are right/)).toBeVisible();
  expect(screen.getByText("Detector real-or-ai, version 1.2.3")).toBeVisible();
});

test("a server without figures, or without one of its checks, says so", () => {
  show(makeModel({ missing: [{ name: "appearance", reason: "no file" }] }));
  expect(screen.getByText("This server publishes no figures for its detector.")).toBeVisible();
  expect(screen.getByText(/runs without one of its checks \(appearance\)/)).toBeVisible();
});
