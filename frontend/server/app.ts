import Fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from "fastify";
import { randomUUID } from "node:crypto";
import { servePage } from "./page.js";
import { internalError, invalidRequest, sendProblem, type Problem } from "./problems.js";
import { proxyApi } from "./proxy.js";

export interface AppOptions {
  apiUrl: string;
  /** Folder of the built page. */
  root: string;
  logger: NonNullable<FastifyServerOptions["logger"]>;
}

export async function createApp({ apiUrl, root, logger }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger,
    // One line per request is written below.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => acceptableId(headers["x-request-id"]) ?? randomUUID(),
    // A balancer in front is on a private network; visitors from outside cannot choose their own address.
    trustProxy: ["loopback", "linklocal", "uniquelocal"],
  });

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("x-content-type-options", "nosniff");
  });
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: request.url.split("?", 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "request",
    );
  });
  app.setErrorHandler((error: Error & { problem?: Problem; statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (error.problem) {
      sendProblem(reply, error.problem);
    } else if (status < 500) {
      sendProblem(reply, invalidRequest(status, error.message));
    } else {
      request.log.error(error);
      sendProblem(reply, internalError);
    }
  });

  app.get("/livez", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "ok" };
  });
  await app.register(proxyApi(apiUrl), { prefix: "/api" });
  await app.register(servePage(root));
  return app;
}

function acceptableId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[\w.-]{1,64}$/.test(header) ? header : undefined;
}
