import proxy from "@fastify/http-proxy";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { Agent } from "undici";
import { backendTimeout, backendUnreachable, rateLimited, sendProblem } from "./problems.js";

/** Far above what a person does, far below what a flood does; the API has its own, finer limits. */
const requestsPerMinute = 600;
/** The API bounds its own queue, so an answer that takes longer than this will not come. */
const answerTimeoutMs = 120_000;
/** To the API, at most. */
const connections = 128;
/** How long a refused upload may go on before its connection is cut. */
const refusedUploadMs = 10_000;

/** `/api/*` goes to the API as it is: bodies and answers are streamed, never held or re-encoded. */
export function proxyApi(apiUrl: string) {
  return async (app: FastifyInstance): Promise<void> => {
    const agent = new Agent({ connections, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
    app.addHook("onClose", () => agent.destroy());
    const request = ((options, done) => {
      const signal = options.body instanceof PassThrough ? options.body : null;
      agent.request({ ...options, signal }, done);
    }) as typeof agent.request;

    await app.register(rateLimit, {
      max: requestsPerMinute,
      timeWindow: 60_000,
      addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
      addHeadersOnExceeding: {
        "x-ratelimit-limit": false,
        "x-ratelimit-remaining": false,
        "x-ratelimit-reset": false,
      },
      errorResponseBuilder: () => Object.assign(new Error(rateLimited.title), { problem: rateLimited }),
    });
    await app.register(proxy, {
      upstream: apiUrl,
      rewritePrefix: "",
      disableRequestLogging: true,
      undici: { request },
      preHandler: (request, reply, done) => {
        if (request.body === request.raw) request.body = shield(request.raw, reply.raw);
        done();
      },
      replyOptions: {
        // The page decides about retries, by what Retry-After says.
        retryDelay: () => null,
        // `Expect: 100-continue` is answered here; the HTTP client towards the API cannot pass it on.
        rewriteRequestHeaders: (request, { expect, ...headers }) => ({
          ...headers,
          "x-request-id": request.id,
          "x-forwarded-for": request.ip,
          "x-forwarded-proto": request.protocol,
          "x-forwarded-host": request.host,
        }),
        onResponse: (request, reply, response) => {
          void bodyRead(request.raw as IncomingMessage).then(() => reply.send(response.stream));
        },
        onError: (reply, { error }) => {
          const late = "statusCode" in error && error.statusCode === 504;
          sendProblem(reply, late ? backendTimeout : backendUnreachable);
        },
      },
    });
  };
}

/**
 * The HTTP client towards the API destroys a body that is refused half-way, and with it the visitor's connection and
 * the answer on it. So it gets a copy to destroy, and the rest of the body is read and thrown away. The copy is also
 * the request's signal: "abort" tells the API when the visitor has left, even after the last byte was sent.
 */
function shield(body: IncomingMessage, answer: ServerResponse): PassThrough {
  const copy = new PassThrough();
  body.pipe(copy);
  answer.once("close", () => copy.emit("abort"));
  copy.once("close", () => body.unpipe(copy).resume());
  return copy;
}

async function bodyRead(body: IncomingMessage): Promise<void> {
  if (body.complete) return;
  await finished(body, { signal: AbortSignal.timeout(refusedUploadMs) }).catch(() => undefined);
}
