import { problemFromReply } from "./problem";
import type { Verdict } from "./types";
import { parseJson, upload, type UploadOptions } from "./upload";

export interface Classified {
  verdict: Verdict;
  requestId: string | undefined;
}

interface ClassifyOptions extends UploadOptions {
  /** Also ask where in the picture the verdict comes from. */
  explain?: boolean;
}

/** Sends the file's own bytes: a copy drawn anew by the browser would lose the traces the detector looks for. */
export async function classifyFile(
  file: File,
  { explain = false, ...options }: ClassifyOptions,
): Promise<Classified> {
  const form = new FormData();
  // By its own name: of a file in a chosen folder, browsers would send the folders' names, too.
  form.append("file", file, file.name);
  if (explain) form.append("explain", "true");
  const { status, body, header } = await upload("/v1/classify", form, "text", options);
  const answer = parseJson(body);
  if (status !== 200 || answer === undefined) throw problemFromReply({ status, body: answer, header });
  return { verdict: answer as Verdict, requestId: header("x-request-id") ?? undefined };
}
