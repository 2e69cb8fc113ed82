import createClient from "openapi-fetch";
import { Problem, problemFromReply } from "./problem";
import type { paths } from "./schema";
import type { ServedModel } from "./types";

export const apiBase = "/api";

const client = createClient<paths>({ baseUrl: apiBase });

export async function getModel(): Promise<ServedModel> {
  const { data, error, response } = await client.GET("/v1/model").catch(() => {
    throw new Problem("network");
  });
  if (data) return data;
  throw problemFromReply({
    status: response.status,
    body: error,
    header: (name) => response.headers.get(name),
  });
}
