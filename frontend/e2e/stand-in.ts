import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createApp } from "../server/app";

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

/** The real page and its real server in front of an API that a test plays itself. */
export async function startStandIn(handler: Handler): Promise<{ url: string; close: () => Promise<void> }> {
  const api = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      handler(request, Buffer.concat(chunks), response);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const app = await createApp({ apiUrl, root: join(import.meta.dirname, "../dist"), logger: false });
  return {
    url: await app.listen({ host: "127.0.0.1", port: 0 }),
    close: async () => {
      const closed = app.close();
      // The browser keeps connections open on which it never asked for anything.
      app.server.closeAllConnections();
      await closed;
      api.closeAllConnections();
      api.close();
    },
  };
}

export function answer(response: ServerResponse, status: number, body: object, headers = {}): void {
  const type = status === 200 ? "application/json" : "application/problem+json";
  response.writeHead(status, { "content-type": type, ...headers }).end(JSON.stringify(body));
}
