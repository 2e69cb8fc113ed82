import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

export interface Chunk {
  code: string;
  isEntry: boolean;
  /** Names of the files that it cannot start without. */
  imports: string[];
  /** The module that it was made for, if it is fetched on demand. */
  facadeModuleId: string | null;
}

/**
 * Gzipped bytes of JavaScript before a visitor can do anything: the entry, whatever it imports, and the largest
 * language file, since every language but one is fetched before the first render.
 */
export function firstLoad(chunks: Record<string, Chunk>): number {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const chunk = chunks[name];
    if (!chunk || wanted.has(name)) return;
    wanted.add(name);
    chunk.imports.forEach(want);
  };
  const size = (name: string): number => gzipSync(chunks[name]?.code ?? "").length;
  for (const [name, { isEntry }] of Object.entries(chunks)) if (isEntry) want(name);
  const languages = Object.keys(chunks).filter((name) =>
    chunks[name]?.facadeModuleId?.includes("/src/locales/"),
  );
  return [...wanted].reduce((sum, name) => sum + size(name), 0) + Math.max(0, ...languages.map(size));
}

/** Prints the first load of every build, and fails the build that goes beyond the budget. */
export function budget(maxBytes: number): Plugin {
  return {
    name: "budget",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunks = Object.fromEntries(
        Object.entries(bundle).flatMap(([name, file]) => (file.type === "chunk" ? [[name, file]] : [])),
      );
      const bytes = firstLoad(chunks);
      const text = `first load: ${kilobytes(bytes)} of ${kilobytes(maxBytes)} of gzipped JavaScript`;
      if (bytes > maxBytes) this.error(`Over budget. ${text}`);
      this.info(text);
    },
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
