import { expect, test } from "vitest";
import en from "@/locales/en.json";
import { isPermanent } from "./permanent-problems";

const actions = Object.entries(en.problem).flatMap(([slug, texts]): [slug: string, action: string][] =>
  typeof texts === "object" ? [[slug, texts.action]] : [],
);

test.each(actions)("%s offers what its text advises: %s", (slug, action) => {
  const anotherTime = /\b(try again|check it now|needs access)\b/i.test(action);
  expect(isPermanent(slug)).toBe(!anotherTime);
});
