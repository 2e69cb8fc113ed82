import compress from "@fastify/compress";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { sep } from "node:path";
import { notFound, sendProblem } from "./problems.js";
import { addPageSecurity } from "./security.js";

/** Addresses the page itself handles; everything else that is no file is a 404. */
const pageRoutes = ["/", "/guide", "/about", "/model", "/history"];

/** The built page: hashed assets are kept for a year, the rest is checked on every visit. */
export function servePage(root: string) {
  return async (app: FastifyInstance): Promise<void> => {
    await addPageSecurity(app);
    await app.register(compress);
    await app.register(fastifyStatic, {
      root,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.includes(`${sep}assets${sep}`);
        reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
    for (const route of pageRoutes) {
      app.get(route, (_request, reply) => reply.sendFile("index.html"));
    }
    app.setNotFoundHandler((_request, reply) => {
      sendProblem(reply, notFound);
    });
  };
}
