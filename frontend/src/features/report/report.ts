import { problemFromReply } from "@/shared/api/problem";
import type { Limits } from "@/shared/api/types";
import { parseJson, upload, type UploadOptions } from "@/shared/api/upload";

export const reportFormats = ["pdf", "zip", "csv", "json"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface Report {
  name: string;
  content: Blob;
}

/** Has the server judge the pictures anew and write what it found into one document. */
export async function fetchReport(
  files: readonly File[],
  format: ReportFormat,
  options: UploadOptions,
): Promise<Report> {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const { status, body, header } = await upload(`/v1/report?format=${format}`, form, "blob", options);
  if (status !== 200) throw problemFromReply({ status, body: parseJson(await body.text()), header });
  return { name: attachmentName(header("content-disposition")) ?? `report.${format}`, content: body };
}

/** The file name of a Content-Disposition header (RFC 6266), in any script. */
export function attachmentName(header: string | null): string | undefined {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header ?? "")?.[1];
  if (extended) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Not encoded as it says; the plain name may be there, too.
    }
  }
  const [, quoted, bare] = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(header ?? "") ?? [];
  return quoted ?? bare;
}

export type ReportLimits = Pick<Limits, "max_images" | "max_batch_bytes">;

/** As few documents as the server's limits allow, in the order of the pictures. */
export function splitForReports(
  files: readonly File[],
  { max_images: mostFiles, max_batch_bytes: mostBytes }: ReportLimits,
): File[][] {
  const parts: File[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = parts.at(-1);
    const size = sizeInForm(file);
    if (last && last.length < mostFiles && bytes + size <= mostBytes) {
      last.push(file);
      bytes += size;
    } else {
      parts.push([file]);
      bytes = size;
    }
  }
  return parts;
}

/** Bytes that a file takes in a form, at most: a boundary, headers, a name in UTF-8 or escaped, and the file. */
function sizeInForm({ name, size }: File): number {
  return 1024 + 3 * name.length + size;
}

/** Hands the document to the browser to keep, as a click on a download link does. */
export function save({ name, content }: Report): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken what it needs by then.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}
