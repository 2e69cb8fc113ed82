export type PictureFormat = "JPEG" | "PNG" | "WebP" | "AVIF" | "HEIC" | "GIF";

const avifBrands = new Set(["avif", "avis"]);
const heifBrands = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]);

/** How many bytes from the start of a file tell its format. */
export const signatureBytes = 32;

/** Recognises a picture by its first bytes; a name or a declared type proves nothing. */
export function recognise(head: Uint8Array): PictureFormat | null {
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "GIF";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WebP";
  if (text.slice(4, 8) !== "ftyp") return null;
  // Major brand, then (after a version) compatible brands: "mif1" alone says only "some HEIF picture".
  const brands = [text.slice(8, 12), text.slice(16, 20), text.slice(20, 24), text.slice(24, 28)];
  if (brands.some((brand) => avifBrands.has(brand))) return "AVIF";
  return brands.some((brand) => heifBrands.has(brand)) ? "HEIC" : null;
}
