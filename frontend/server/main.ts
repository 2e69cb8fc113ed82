import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createApp } from "./app.js";
import { readConfig } from "./config.js";

/** How long requests that are under way may take to finish after TERM. */
const graceMs = 5_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const root = fileURLToPath(new URL("../dist", import.meta.url));
  if (!existsSync(root)) throw new Error('The page is not built yet: run "npm run build" first.');

  const app = await createApp({ apiUrl: config.apiUrl, root, logger: true });
  const stop = (): void => {
    setTimeout(() => process.exit(0), graceMs).unref();
    // Closing ends the connections that are idle now; those whose last answer is still on its way end here.
    setInterval(() => {
      app.server.closeIdleConnections();
    }, 100).unref();
    void app.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  await app.listen({ host: config.host, port: config.port });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
