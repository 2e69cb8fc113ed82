/** RFC 9457 problem details, in the same shape as the API's own. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}

export const backendUnreachable: Problem = {
  type: "/problems/backend-unreachable",
  title: "The detector cannot be reached",
  status: 502,
  detail: "The page is up, but the service that looks at pictures does not answer. Try again in a moment.",
};

export const backendTimeout: Problem = {
  type: "/problems/backend-timeout",
  title: "The detector took too long",
  status: 504,
  detail: "The service that looks at pictures did not answer in time. Try again in a moment.",
};

export const rateLimited: Problem = {
  type: "/problems/rate-limited",
  title: "Too many requests",
  status: 429,
  detail: "This address has sent too many requests in the last minute. Wait a moment and try again.",
};

export const notFound: Problem = {
  type: "/problems/not-found",
  title: "Not found",
  status: 404,
  detail: "There is nothing at this address.",
};

export const internalError: Problem = {
  type: "/problems/internal-error",
  title: "Something went wrong on the server",
  status: 500,
  detail: "The request could not be served. Try again in a moment.",
};

export function invalidRequest(status: number, detail: string): Problem {
  return { type: "/problems/invalid-request", title: "The request is not valid", status, detail };
}

interface Reply {
  code: (status: number) => unknown;
  type: (contentType: string) => unknown;
  send: (body: string) => unknown;
}

export function sendProblem(reply: Reply, problem: Problem): void {
  reply.code(problem.status);
  reply.type("application/problem+json");
  reply.send(JSON.stringify(problem));
}
