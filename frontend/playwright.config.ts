import { defineConfig, devices } from "@playwright/test";

const apiPort = 8100;
const pagePort = 8180;
const python = process.env["PYTHON"] ?? ".venv/bin/python";

export default defineConfig({
  testDir: "e2e",
  // Every test uses the one real detector; side by side they would only wait for one another.
  workers: 1,
  forbidOnly: Boolean(process.env["CI"]),
  // A busy CI machine drops a key press now and then; what needs its second try is reported as flaky.
  retries: process.env["CI"] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    baseURL: `http://127.0.0.1:${pagePort}`,
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "phone",
      use: {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
        userAgent: devices["Pixel 7"].userAgent,
      },
    },
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
  ],
  webServer: [
    {
      command: `exec ${python} -m backend serve --port ${apiPort}`,
      cwd: "..",
      url: `http://127.0.0.1:${apiPort}/readyz`,
      timeout: 120_000,
      gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    },
    {
      command: "exec node dist-server/main.js",
      env: { PORT: String(pagePort), HOST: "127.0.0.1", API_URL: `http://127.0.0.1:${apiPort}` },
      url: `http://127.0.0.1:${pagePort}/livez`,
      gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    },
  ],
});
