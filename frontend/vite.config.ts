import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { budget } from "./budget.ts";

/** Gzipped bytes of JavaScript that the page may need before it can be used. */
const firstLoadBudget = 150_000;

export default defineConfig({
  plugins: [react(), tailwindcss(), budget(firstLoadBudget)],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Inlined assets would be data: addresses, which the page's content policy allows for pictures only.
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: {
      "/api": {
        target: process.env["API_URL"] ?? "http://127.0.0.1:8000",
        rewrite: (path) => path.replace(/^\/api/, ""),
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["*.test.ts", "src/**/*.test.{ts,tsx}", "server/**/*.test.ts"],
    setupFiles: ["src/shared/testing/setup.ts"],
    restoreMocks: true,
  },
});
