import { beforeEach, expect, test, vi } from "vitest";
import { ClassifyQueue } from "@/features/classify/queue";
import { switchHistory } from "@/features/history/setting";
import { clearEntries, listEntries } from "@/features/history/store";
import { makeVerdict } from "@/shared/testing/verdicts";
import { keepHistory } from "./keep-history";

// The browser's own database, which jsdom lacks.
vi.mock("idb", () => {
  const kept = new Map<string, object>();
  const db = {
    put: (_store: string, entry: { id: string }) => Promise.resolve(kept.set(entry.id, entry)),
    clear: () => {
      kept.clear();
      return Promise.resolve();
    },
    count: () => Promise.resolve(kept.size),
    getAllFromIndex: () => Promise.resolve([...kept.values()]),
  };
  return { openDB: () => Promise.resolve(db) };
});

/** Those pictures whose preview is being made; each waits until the test goes on. */
let previews: (() => void)[];

beforeEach(async () => {
  previews = [];
  vi.stubGlobal("createImageBitmap", () => new Promise((_, reject) => previews.push(reject)));
  await clearEntries();
  switchHistory(true);
});

function setUp() {
  const queue = new ClassifyQueue({
    check: () => Promise.resolve(null),
    send: ({ name }) => Promise.resolve({ verdict: makeVerdict({ id: name }), requestId: "abc" }),
  });
  keepHistory(queue, () => undefined);
  return (...names: string[]) => {
    queue.add(names.map((name) => new File(["x"], name)));
  };
}

const previewBegins = () =>
  vi.waitFor(() => {
    expect(previews).not.toEqual([]);
  });

/** Lets everything go on until nothing is waiting. */
async function finish(): Promise<void> {
  do {
    previews.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  } while (previews.length > 0);
}

const keptNames = async () => (await listEntries()).map(({ name }) => name).sort();

test("switched off, nothing more is kept, not even what waits; switched on again, it is", async () => {
  const check = setUp();
  check("a", "b", "c");
  await previewBegins();
  switchHistory(false);
  await finish();
  expect(await keptNames()).toEqual([]);
  switchHistory(true);
  await previewBegins();
  await finish();
  expect(await keptNames()).toEqual(["a", "b", "c"]);
});

test("what waits while everything is deleted does not come back, and later pictures are kept", async () => {
  const check = setUp();
  check("a", "b", "c");
  await previewBegins();
  await clearEntries();
  await finish();
  check("d");
  await previewBegins();
  await finish();
  expect(await keptNames()).toEqual(["d"]);
});
