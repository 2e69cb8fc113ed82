/** The longer side of a thumbnail, in pixels. */
export const thumbnailSide = 160;

/** A small JPEG copy of a picture; null if the browser cannot decode its format. */
export async function makeThumbnail(file: Blob): Promise<Blob | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  const scale = Math.min(1, thumbnailSide / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  if (context) {
    // JPEG has no transparency: what is transparent would become black.
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "medium";
    context.drawImage(picture, 0, 0, width, height);
  }
  picture.close();
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.8);
  });
}
