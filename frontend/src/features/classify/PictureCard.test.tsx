import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Problem } from "@/shared/api/problem";
import { makeModel, makeVerdict } from "@/shared/testing/verdicts";
import { PictureCard } from "./PictureCard";
import type { Phase } from "./queue";

function show(phase: Phase) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(["model"], makeModel());
  const actions = { onRetry: vi.fn(), onReplace: vi.fn(), onRemove: vi.fn() };
  const picture = { id: "picture-1", file: new File(["x"], "cat.jpg"), phase };
  render(
    <QueryClientProvider client={client}>
      <PictureCard picture={picture} {...actions} />
    </QueryClientProvider>,
  );
  return actions;
}

test.each([
  ["ai", 0.934, "Likely AI-made", "93% chance of AI: very high"],
  ["real", 0.031, "Likely a real picture", "3% chance of AI: very low"],
  ["uncertain", 0.46, "Uncertain — we cannot tell", "46% chance of AI: about even"],
] as const)("the verdict %s is told in words and as a number", (label, probability, word, chance) => {
  show({ kind: "done", verdict: makeVerdict({ label, probability }), requestId: "abc" });
  expect(screen.getByText(word)).toBeVisible();
  expect(
    screen.getByText((_text, element) => element?.tagName === "P" && element.textContent === chance),
  ).toBeVisible();
});

test("the scale says where the limits between the answers lie", () => {
  show({ kind: "done", verdict: makeVerdict(), requestId: undefined });
  expect(
    screen.getByRole("img", { name: /93%\. Below 20% we say real, above 80% we say AI-made/ }),
  ).toBeVisible();
});

test("what speaks for and against the verdict is told in groups; an unknown code keeps its English", () => {
  const say = (code: string, role: "for-ai" | "caution", values = {}) => ({
    code,
    role,
    values,
    text: `English of ${code}.`,
  });
  const statements = [
    say("expert-for-ai", "for-ai", { expert: "appearance", percent: 81 }),
    say("marks-say-ai", "caution"),
    say("note-small", "caution"),
    say("missing-expert", "caution", { expert: "traces" }),
    say("of-tomorrow", "caution"),
  ];
  const verdict = makeVerdict({ summary: { text: "", statements } });
  show({ kind: "done", verdict, requestId: undefined });
  const words = screen.getByRole("region", { name: "In plain words" });
  expect(
    within(words)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual([
    "The check “How the picture is rendered as a whole” alone speaks for AI (81%).",
    expect.stringMatching(/^The picture is very small/),
    "The check “Fine traces in the pixels” is missing on this server, so the answer is less reliable.",
    "English of of-tomorrow.",
  ]);
  // The one thing that a person must not overlook stands before the rest.
  const warning = screen.getByText(/the file itself says that AI was used/);
  expect(words).not.toContainElement(warning);
});

test("the details give each check, the file, the detector, the times and the request", async () => {
  show({ kind: "done", verdict: makeVerdict(), requestId: "abc" });
  await userEvent.click(screen.getByText("Details"));
  for (const text of [
    "Fine traces in the pixels",
    "88% chance of AI",
    "How the picture is rendered as a whole",
    "640 × 427 pixels, 192 kB",
    "real-or-ai, version 1.2.3",
    "188 ms in all (6 ms reading, 0 ms waiting, 181 ms deciding)",
    "abc",
  ]) {
    expect(screen.getByText(text)).toBeVisible();
  }
});

test("a problem says what happened, what to do and what the server said, and can be retried", async () => {
  const { onRetry } = show({
    kind: "failed",
    problem: new Problem("overloaded", { detail: "64 pictures are waiting.", requestId: "abc" }),
  });
  expect(screen.getByText("The server is very busy")).toBeVisible();
  expect(screen.getByText(/Wait a minute, then try again/)).toBeVisible();
  expect(screen.getByText("The server says: 64 pictures are waiting.")).toBeVisible();
  expect(screen.getByText("Request abc")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("a file that can never work asks for another one, with the limit of this server", async () => {
  const { onReplace } = show({ kind: "failed", problem: new Problem("too-many-bytes") });
  expect(screen.getByText(/Files may have up to 20 MB/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(screen.getByRole("button", { name: "Choose another picture" })).toBeVisible();
  const other = new File(["y"], "dog.jpg", { type: "image/jpeg" });
  await userEvent.upload(screen.getByLabelText("Picture instead of this one"), other);
  expect(onReplace).toHaveBeenCalledWith([other]);
});

test("a problem this page does not know still gets advice", () => {
  show({ kind: "failed", problem: new Problem("retry") });
  expect(screen.getByText("The picture could not be checked")).toBeVisible();
});

test("progress is readable for screen readers", () => {
  show({ kind: "uploading", sent: 0.4 });
  const bar = screen.getByRole("progressbar", { name: "Progress for cat.jpg" });
  expect(bar).toHaveAttribute("aria-valuenow", "40");
  expect(bar).toHaveAttribute("aria-valuetext", "Sending: 40%");
});
