export interface Config {
  host: string;
  port: number;
  /** Base address of the classification API, without a trailing slash. */
  apiUrl: string;
}

/** The only place that reads the environment. A wrong value stops the start with a readable sentence. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env["PORT"] ?? "8080");
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT must be a number from 0 to 65535, not "${String(env["PORT"])}".`);
  }
  const apiUrl = env["API_URL"] ?? "http://127.0.0.1:8000";
  if (!URL.canParse(apiUrl) || !/^https?:$/.test(new URL(apiUrl).protocol)) {
    throw new Error(`API_URL must be an http(s) address, not "${apiUrl}".`);
  }
  return { host: env["HOST"] ?? "0.0.0.0", port, apiUrl: apiUrl.replace(/\/+$/, "") };
}
