import { createContext, use, useSyncExternalStore } from "react";
import type { ClassifyQueue, Picture } from "./queue";

export const ClassifierContext = createContext<ClassifyQueue | null>(null);

/** The pictures and what can be done with them. They outlive a visit to another page of the app. */
export function useClassifier(): { pictures: readonly Picture[]; queue: ClassifyQueue } {
  const queue = use(ClassifierContext);
  if (!queue) throw new Error("useClassifier needs a ClassifierContext above it.");
  return { queue, pictures: useSyncExternalStore(queue.subscribe, queue.getSnapshot) };
}
