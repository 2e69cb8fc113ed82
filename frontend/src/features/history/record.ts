import type { Verdict } from "@/shared/api/types";
import { addEntry } from "./store";
import { makeThumbnail } from "./thumbnail";

/** Keeps one verdict while that is allowed, with a thumbnail and without the picture itself. */
export async function recordVerdict(file: File, verdict: Verdict, allowed: () => boolean): Promise<void> {
  const { id, label, probability, model } = verdict;
  const entry = {
    id,
    name: file.name,
    label,
    probability,
    at: Date.now(),
    model: `${model.name} ${model.version}`,
    thumbnail: await makeThumbnail(file),
  };
  await addEntry(entry, allowed);
}
