import type { paths } from "./schema";

type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export type Verdict = Answer<"/v1/classify", "post">;
export type ServedModel = Answer<"/v1/model", "get">;
export type Label = Verdict["label"];
export type Limits = ServedModel["limits"];
