import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type ReactNode } from "react";

interface VirtualListProps<Item extends { id: string }> {
  label: string;
  items: readonly Item[];
  /** How tall an item is before it has been measured, in CSS pixels. */
  estimate: number;
  /** Space between two items, in CSS pixels. */
  gap: number;
  children: (item: Item) => ReactNode;
}

/** Enough for a keyboard to find the next control, and for short lists to be in the page as a whole. */
const overscan = 5;

/**
 * A list that scrolls with the window and keeps only the items near the view in the page, however many there are.
 * The item with the focus stays, so that scrolling away does not lose it.
 */
export function VirtualList<Item extends { id: string }>(props: VirtualListProps<Item>) {
  const { label, items, estimate, gap, children } = props;
  const listRef = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);

  // Whatever stands above the list may grow and shrink.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (listRef.current) setTop(listRef.current.getBoundingClientRect().top + window.scrollY);
    });
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const follow = (): void => {
      const item = document.activeElement?.closest("li[data-index]");
      setFocused(item && listRef.current?.contains(item) ? item.id : null);
    };
    document.addEventListener("focusin", follow);
    return () => {
      document.removeEventListener("focusin", follow);
    };
  }, []);

  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => estimate,
    getItemKey: (index) => items[index]?.id ?? index,
    rangeExtractor: (range: Range) => {
      const visible = defaultRangeExtractor(range);
      const index = focused === null ? -1 : items.findIndex(({ id }) => id === focused);
      return index < 0 || visible.includes(index) ? visible : [...visible, index].sort((a, b) => a - b);
    },
    scrollMargin: top,
    overscan,
    gap,
  });

  return (
    <ul ref={listRef} aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const item = items[index];
        return (
          item && (
            <li
              key={item.id}
              id={item.id}
              ref={virtualizer.measureElement}
              data-index={index}
              tabIndex={-1}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 scroll-mt-4"
              style={{ top: start - top }}
            >
              {children(item)}
            </li>
          )
        );
      })}
    </ul>
  );
}
