import type { ServedModel, Verdict } from "@/shared/api/types";

export function makeVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    id: "verdict-1",
    label: "ai",
    probability: 0.934,
    bands: { real_below: 0.2, ai_above: 0.8 },
    model: { name: "real-or-ai", version: "1.2.3", missing: [] },
    experts: [
      { name: "traces", probability: 0.88 },
      { name: "appearance", probability: 0.95 },
    ],
    image: { width: 640, height: 427, format: "JPEG", bytes: 196_653, notes: [] },
    provenance: { signals: [] },
    summary: { text: "", statements: [] },
    timings_ms: { decode: 6.2, queue: 0.4, inference: 181, total: 188 },
    ...changes,
  };
}

export function makeModel(changes: Partial<ServedModel> = {}): ServedModel {
  return {
    name: "real-or-ai",
    version: "1.2.3",
    engine: "onnx",
    experts: ["traces", "appearance"],
    missing: [],
    limits: {
      max_bytes: 20 * 1024 * 1024,
      max_pixels: 50_000_000,
      min_side: 16,
      max_images: 100,
      max_batch_bytes: 200 * 1024 * 1024,
      formats: ["image/jpeg"],
    },
    card: {
      name: "real-or-ai",
      version: "1.2.3",
      created: "2026-11-25",
      experts: {},
      stacks: [],
      calibration: "logistic",
      training_data: {},
      figures: {},
      figures_explained: {},
      tables: [],
      limits: [],
    },
    ...changes,
  };
}
