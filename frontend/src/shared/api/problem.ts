/** What went wrong with one request or one file, told apart by a stable slug (RFC 9457 `type`). */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly slug: string,
    readonly info: {
      /** A sentence of the server about this very case. */
      detail?: string | undefined;
      requestId?: string | undefined;
      /** How long the server asks to wait before the next try. */
      retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(slug);
  }
}

const busySlugs = new Set(["overloaded", "rate-limited", "not-ready"]);

/** The server asks to come back later; trying the same again makes sense. */
export function isBusy(error: unknown): error is Problem {
  return error instanceof Problem && busySlugs.has(error.slug);
}

interface Reply {
  status: number;
  body: unknown;
  header: (name: string) => string | null;
}

/** What a status means where something in front of the server answers in its place, without a problem document. */
const slugsOfStatus: Partial<Record<number, string>> = {
  413: "too-many-bytes",
  429: "rate-limited",
  502: "backend-unreachable",
  503: "overloaded",
  504: "backend-unreachable",
};

/** Reads a failed reply; one that is no problem document still becomes a problem. */
export function problemFromReply({ status, body, header }: Reply): Problem {
  const fields = isRecord(body) ? body : {};
  const slug = typeof fields["type"] === "string" ? fields["type"].split("/").pop() : undefined;
  return new Problem(slug ?? slugsOfStatus[status] ?? "other", {
    detail: typeof fields["detail"] === "string" ? fields["detail"] : undefined,
    requestId: header("x-request-id") ?? undefined,
    retryAfterMs: parseRetryAfter(header("retry-after"), Date.now()),
  });
}

/** Retry-After is a number of seconds or a date. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
