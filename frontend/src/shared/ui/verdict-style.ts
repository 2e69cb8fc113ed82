import { Aperture, CircleQuestionMark, Sparkles, type LucideIcon } from "lucide-react";
import type { Label } from "@/shared/api/types";

interface VerdictStyle {
  icon: LucideIcon;
  text: string;
  soft: string;
  solid: string;
}

/** Each answer is told by its word, its shape and its colour, never by colour alone. */
export const verdictStyles: Record<Label, VerdictStyle> = {
  ai: { icon: Sparkles, text: "text-ai", soft: "bg-ai-soft", solid: "bg-ai" },
  real: { icon: Aperture, text: "text-real", soft: "bg-real-soft", solid: "bg-real" },
  uncertain: {
    icon: CircleQuestionMark,
    text: "text-uncertain",
    soft: "bg-uncertain-soft",
    solid: "bg-uncertain",
  },
};
