import type { Verdict } from "@/shared/api/types";
import { addEntry } from "./store";
import { makeThumbnail } from "./thumbnail";

/** Keeps one verdict, with a thumbnail and without the picture itself. */
export async function recordVerdict(file: File, verdict: Verdict): Promise<void> {
  const { id, label, probability, model } = verdict;
  await addEntry({
    id,
    name: file.name,
    label,
    probability,
    at: Date.now(),
    model: `${model.name} ${model.version}`,
    thumbnail: await makeThumbnail(file),
  });
}
