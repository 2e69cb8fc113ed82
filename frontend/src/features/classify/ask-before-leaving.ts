import { few, type ClassifyQueue } from "./queue";

/** Lets the browser ask before answers are lost with the page: of as many pictures as "Start over" asks for. */
export function askBeforeLeaving(queue: ClassifyQueue): void {
  const ask = (event: Event): void => {
    event.preventDefault();
  };
  queue.subscribe(() => {
    if (queue.getSnapshot().pictures.length > few) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
}
