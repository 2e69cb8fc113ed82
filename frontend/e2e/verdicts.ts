import type { Verdict } from "../src/shared/api/types";
import { makeVerdict } from "../src/shared/testing/verdicts";
import { png } from "./png";

type Signal = Verdict["provenance"]["signals"][number];
type Statement = Verdict["summary"]["statements"][number];

const signal = (source: Signal["source"], changes: Partial<Signal> = {}): Signal => ({
  source,
  status: "absent",
  points_to: null,
  code: `${source}-absent`,
  summary: `There is no ${source}.`,
  details: {},
  ...changes,
});

const say = (code: string, role: Statement["role"], values: Statement["values"] = {}): Statement => ({
  code,
  role,
  text: `English of ${code}.`,
  values,
});

const always = [
  say("not-proof", "caution"),
  say("not-checked-watermarks", "not-checked"),
  say("not-checked-content", "not-checked"),
];

/** A photograph with camera data, judged real. */
export const photograph = makeVerdict({
  id: "photograph",
  label: "real",
  probability: 0.06,
  provenance: {
    signals: [
      signal("c2pa"),
      signal("exif", {
        status: "found",
        points_to: "camera",
        code: "exif-camera",
        summary: "The file's EXIF data names a camera, Canon EOS 40D.",
        details: {
          camera: "Canon EOS 40D",
          make: "Canon",
          model: "Canon EOS 40D",
          lens: "EF-S 17-55mm f/2.8 IS USM",
          taken: "2008-05-30 15:56:01",
        },
      }),
      signal("xmp"),
      signal("iptc", { status: "invalid", code: "iptc-invalid", summary: "The IPTC data is damaged." }),
      signal("png-text"),
    ],
  },
  summary: {
    text: "",
    statements: [
      say("verdict-real", "verdict"),
      say("certainty-moderate", "certainty", { percent: 6 }),
      say("exif-camera", "for-real", { camera: "Canon EOS 40D" }),
      say("iptc-invalid", "caution"),
      ...always,
    ],
  },
});

/** A picture whose pixels look real and whose file says that AI made it. */
export const contradiction = makeVerdict({
  id: "contradiction",
  label: "uncertain",
  probability: 0.41,
  bands: { real_below: 0.29, ai_above: 0.76 },
  image: { width: 640, height: 427, format: "PNG", bytes: 1_200_000, notes: ["heavily-compressed"] },
  model: { name: "real-or-ai", version: "1.2.3", missing: ["traces"] },
  experts: [{ name: "appearance", probability: 0.41 }],
  provenance: {
    signals: [
      signal("c2pa", {
        status: "found",
        points_to: "ai",
        code: "c2pa-ai-untrusted",
        summary: "A signed record says that AI made this picture.",
        details: {
          signer: "OpenAI",
          organisation: "OpenAI OpCo",
          signed: "2026-03-01T10:00:00Z",
          actions: ["c2pa.created", "c2pa.converted"],
          "source-type": "trainedAlgorithmicMedia",
          "a-detail-of-tomorrow": "value",
        },
      }),
      signal("exif", { status: "not-checked", code: "exif-code-of-tomorrow", summary: "A new sentence." }),
      signal("xmp", { status: "found", code: "xmp-other" }),
      signal("iptc"),
      signal("png-text", {
        status: "found",
        points_to: "ai",
        code: "png-text-generator",
        summary: "Text in the PNG file is what an AI generator leaves: ComfyUI.",
        details: {
          tool: "ComfyUI",
          prompt:
            "portrait of a lighthouse keeper, golden hour, 85mm, ultra detailed, masterpiece, " +
            "anunbrokenwordthatislongerthananylineonaphonewouldeverbeabletohold",
          seed: "156680208700286",
        },
      }),
    ],
  },
  summary: {
    text: "",
    statements: [
      say("verdict-uncertain", "verdict"),
      say("certainty-low", "certainty", { percent: 41, real_below: 29, ai_above: 76 }),
      say("expert-for-ai", "for-ai", { expert: "appearance", percent: 81 }),
      say("c2pa-ai-untrusted", "for-ai", { signer: "OpenAI" }),
      say("png-text-generator", "for-ai", { tool: "ComfyUI" }),
      say("marks-say-ai", "caution"),
      say("note-heavily-compressed", "caution"),
      say("missing-expert", "caution", { expert: "traces" }),
      say("a-statement-of-tomorrow", "caution"),
      ...always,
    ],
  },
});

const heatmap = png(64, 43, (x, y) => {
  const height = Math.sin(x / 9) * Math.cos(y / 7);
  const alpha = Math.round(Math.abs(height) * 255);
  return height > 0 ? [192, 57, 43, alpha] : [39, 102, 184, alpha];
});

/** The same verdict as it is answered where an explanation is asked for. */
export function explained(verdict: Verdict): Verdict {
  return {
    ...verdict,
    explanation: {
      heatmap_png: `data:image/png;base64,${heatmap.toString("base64")}`,
      maps: [
        {
          expert: "appearance",
          view: "whole",
          box: { left: 0, top: 0, width: verdict.image.width, height: verdict.image.height },
          logits: [[0.4, -0.2]],
          share: 1,
          rest: 0.3,
        },
      ],
    },
  };
}
