import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { firstLoad, type Chunk } from "./budget";

const chunk = (code: string, changes: Partial<Chunk> = {}): Chunk => ({
  code,
  isEntry: false,
  imports: [],
  facadeModuleId: null,
  ...changes,
});
const size = (code: string): number => gzipSync(code).length;

test("the first load is the entry, all that it imports once, and the largest language", () => {
  const chunks = {
    "index.js": chunk("entry()", { isEntry: true, imports: ["react.js", "shared.js"] }),
    "react.js": chunk("react() + react()", { imports: ["shared.js"] }),
    "shared.js": chunk("shared()"),
    "about.js": chunk("about() ".repeat(999), { imports: ["react.js"] }),
    "de.js": chunk("Guten Tag", { facadeModuleId: "/page/src/locales/de.json" }),
    "fr.js": chunk("Bonjour à tout le monde", { facadeModuleId: "/page/src/locales/fr.json" }),
  };
  expect(firstLoad(chunks)).toBe(
    size("entry()") + size("react() + react()") + size("shared()") + size("Bonjour à tout le monde"),
  );
});
