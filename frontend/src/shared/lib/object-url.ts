import { useCallback, type RefCallback } from "react";

/**
 * A ref for an `<img>` that shows a file or blob. Its object URL lives exactly as long as the element: a list that
 * keeps only visible pictures in the page keeps only their URLs.
 */
export function useObjectUrl(blob: Blob): RefCallback<HTMLImageElement> {
  return useCallback(
    (image: HTMLImageElement | null) => {
      if (!image) return;
      const url = URL.createObjectURL(blob);
      image.src = url;
      return () => {
        URL.revokeObjectURL(url);
      };
    },
    [blob],
  );
}
