import { Aperture, EyeOff, Info, Sparkles, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Verdict } from "@/shared/api/types";
import { useSentence } from "./sentence";

/** How each kind of statement looks; the verdict and how sure it is are told above these. */
const roles = {
  "for-ai": { icon: Sparkles, colour: "text-ai" },
  "for-real": { icon: Aperture, colour: "text-real" },
  caution: { icon: Info, colour: "text-muted" },
  "not-checked": { icon: EyeOff, colour: "text-muted" },
} as const;

const contradictions = new Set(["marks-say-ai", "marks-say-camera"]);

/** Where the file contradicts the pixels, a person must read it before anything else. */
export function Contradiction({ summary }: { summary: Verdict["summary"] }) {
  const sentence = useSentence();
  const contradicting = summary.statements.filter(({ code }) => contradictions.has(code));
  return (
    <>
      {contradicting.map(({ code, values, text }) => (
        <p key={code} className="flex gap-3 rounded-2xl border-2 border-ink p-4 font-medium">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
          {sentence(code, values, text)}
        </p>
      ))}
    </>
  );
}

/** What speaks for and against the verdict, what to keep in mind and what was not checked. */
export function PlainWords({ summary }: { summary: Verdict["summary"] }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const others = summary.statements.filter(({ code }) => !contradictions.has(code));
  const groups = (Object.keys(roles) as (keyof typeof roles)[])
    .map((role) => ({ role, statements: others.filter((one) => one.role === role) }))
    .filter(({ statements }) => statements.length > 0);

  return (
    <section
      aria-label={t("words.heading")}
      className="space-y-4 pb-5 text-[0.9375rem] md:columns-2 md:gap-8"
    >
      {groups.map(({ role, statements }) => {
        const { icon: Icon, colour } = roles[role];
        return (
          <div key={role} className="flex break-inside-avoid gap-3">
            <Icon aria-hidden="true" className={`mt-0.5 size-5 shrink-0 ${colour}`} />
            <div className="min-w-0 grow">
              <h3 className="font-medium">{t(`words.role.${role}`)}</h3>
              <ul className="space-y-1 text-muted">
                {statements.map((statement, index) => (
                  <li key={index} className="break-words">
                    {sentence(statement.code, statement.values, statement.text)}
                  </li>
                ))}
              </ul>
            </div>
          </div>
        );
      })}
    </section>
  );
}
