// @vitest-environment node
import type { FastifyInstance } from "fastify";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "./app";

let api: Server;
let app: FastifyInstance;
let pageUrl: string;
let logs: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "page-"));
  await mkdir(join(root, "assets"));
  await writeFile(join(root, "index.html"), "<title>page</title>");
  await writeFile(join(root, "assets/index-abc.js"), `export default "${"x".repeat(5000)}";`);

  api = createServer((request, response) => {
    answer(request, response);
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  logs = [];
  app = await createApp({
    apiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    root,
    logger: { stream: { write: (line: string) => logs.push(line) } },
  });
  pageUrl = await app.listen({ host: "127.0.0.1", port: 0 });
});

afterEach(async () => {
  // A reply that a test did not read to its end would keep its connection, and so the server, open.
  app.server.closeAllConnections();
  await app.close();
  api.closeAllConnections();
  api.close();
});

test("pages are checked on every visit, hashed assets are kept and compressed", async () => {
  for (const path of ["/", "/about"]) {
    const page = await fetch(pageUrl + path);
    expect(await page.text()).toBe("<title>page</title>");
    expect(page.headers.get("cache-control")).toBe("no-cache");
  }
  const asset = await fetch(`${pageUrl}/assets/index-abc.js`);
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-encoding")).toMatch(/^(br|gzip|zstd)$/);
});

test("an unknown address is a 404, not the page", async () => {
  for (const path of ["/nope", "/assets/gone.js", "/../package.json"]) {
    const reply = await fetch(pageUrl + path);
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toContain("application/problem+json");
  }
});

test("the content policy allows no inline code and forces no TLS", async () => {
  const { headers } = await fetch(pageUrl);
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy.split(";").sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' blob: data:",
    "script-src 'self'",
    "style-src 'self'",
  ]);
  expect(headers.get("strict-transport-security")).toBeNull();
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("the API gets the body as sent, the request id and the visitor's address", async () => {
  answer = (request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          url: request.url,
          size: Buffer.concat(chunks).length,
          id: request.headers["x-request-id"],
          address: request.headers["x-forwarded-for"],
        }),
      );
    });
  };
  const reply = await fetch(`${pageUrl}/api/v1/classify?explain=1`, {
    method: "POST",
    body: new Uint8Array(31_000_000),
    headers: { "x-request-id": "my-id-1", "content-type": "application/octet-stream" },
  });
  expect(await reply.json()).toEqual({
    url: "/v1/classify?explain=1",
    size: 31_000_000,
    id: "my-id-1",
    address: "127.0.0.1",
  });
  expect(reply.headers.get("x-request-id")).toBe("my-id-1");
  expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a request id that could forge log lines is replaced", async () => {
  const reply = await fetch(`${pageUrl}/livez`, { headers: { "x-request-id": "a b{}" } });
  expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("lines of a stream arrive one by one", async () => {
  let next: () => void = () => undefined;
  answer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write('{"index":0}\n');
    next = () => response.end('{"index":1}\n');
  };
  const reply = await fetch(`${pageUrl}/api/v1/classify/batch`, { method: "POST", body: "x" });
  const reader = reply.body?.getReader();
  const decode = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await decode()).toBe('{"index":0}\n');
  next();
  expect(await decode()).toBe('{"index":1}\n');
});

test.each(["during the upload", "before the answer", "in the middle of the answer"])(
  "a visitor who leaves %s ends the work",
  async (when) => {
    const visit = httpRequest(`${pageUrl}/api/v1/classify`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    visit.on("error", () => undefined);
    visit.on("response", () => visit.destroy());
    await new Promise<void>((ended) => {
      answer = (request, response) => {
        response.once("close", ended);
        request.once("data", () => when === "during the upload" && visit.destroy());
        request.once("end", () => (when === "before the answer" ? visit.destroy() : response.write("first")));
      };
      visit.write("{}");
      if (when !== "during the upload") visit.end();
    });
    expect((await fetch(`${pageUrl}/livez`)).status).toBe(200);
  },
);

test("a refusal that comes before the body is read does not cut the client off", async () => {
  answer = (_request, response) => {
    response.writeHead(413, { "content-type": "application/problem+json" });
    response.end('{"type":"/problems/too-many-bytes"}');
  };
  let received = (): number => 0;
  app.server.on("connection", (socket) => {
    received = () => socket.bytesRead;
  });
  const size = 30_000_000;
  expect(await post(size)).toEqual({ status: 413, body: '{"type":"/problems/too-many-bytes"}' });
  expect(received()).toBeGreaterThanOrEqual(size);
});

test("a client that asks before it sends is answered", async () => {
  answer = (request, response) => {
    request.resume().on("end", () => response.end(String(request.headers.expect)));
  };
  expect(await post(1_000_000, { expect: "100-continue" })).toEqual({ status: 200, body: "undefined" });
});

test("a busy API is not asked again behind the visitor's back", async () => {
  let asked = 0;
  answer = (_request, response) => {
    asked++;
    response.writeHead(503, { "retry-after": "1", "content-type": "application/problem+json" }).end("{}");
  };
  const reply = await fetch(`${pageUrl}/api/readyz`);
  expect(reply.status).toBe(503);
  expect(reply.headers.get("retry-after")).toBe("1");
  expect(asked).toBe(1);
});

test("an API that is down is a problem with status 502, and the page stays alive", async () => {
  api.close();
  const reply = await fetch(`${pageUrl}/api/v1/model`);
  expect(reply.status).toBe(502);
  expect(reply.headers.get("content-type")).toContain("application/problem+json");
  expect(await reply.json()).toMatchObject({ type: "/problems/backend-unreachable", status: 502 });
  expect((await fetch(`${pageUrl}/livez`)).status).toBe(200);
});

test("a flood from one address is slowed down with a time to wait", async () => {
  answer = (_request, response) => response.end("ok");
  const statuses = new Map<number, number>();
  let last = new Response();
  for (let i = 0; i < 610; i++) {
    last = await fetch(`${pageUrl}/api/livez`);
    await last.arrayBuffer();
    statuses.set(last.status, (statuses.get(last.status) ?? 0) + 1);
  }
  expect(Object.fromEntries(statuses)).toEqual({ 200: 600, 429: 10 });
  expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(last.headers.get("content-type")).toContain("application/problem+json");
}, 30_000);

test("each request is one log line that names no file and no query", async () => {
  answer = (request, response) => {
    request.resume().on("end", () => response.end("{}"));
  };
  const form = new FormData();
  form.append("file", new File(["x"], "private-name.jpg"));
  const reply = await fetch(`${pageUrl}/api/v1/classify?name=private-name`, { method: "POST", body: form });
  await reply.text();
  app.server.closeAllConnections();
  await app.close();
  const lines = logs.filter((line) => line.includes('"request"'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ method: "POST", path: "/api/v1/classify", status: 200 });
  expect(logs.join()).not.toContain("private-name");
});

/** Unlike fetch, takes an answer that comes before the body is sent, and may ask before it sends. */
function post(size: number, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = httpRequest(
      `${pageUrl}/api/v1/classify`,
      { method: "POST", headers: { ...headers, "content-length": size } },
      (response) => {
        void response.toArray().then((chunks: Buffer[]) => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        }, reject);
      },
    );
    request.on("error", reject);
    request.end(Buffer.alloc(size));
  });
}
