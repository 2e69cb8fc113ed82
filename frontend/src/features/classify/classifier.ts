import { createContext, use, useSyncExternalStore } from "react";
import type { ClassifyQueue, QueueState } from "./queue";

export const ClassifierContext = createContext<ClassifyQueue | null>(null);

/** The pictures and what can be done with them. They outlive a visit to another page of the app. */
export function useClassifier(): { state: QueueState; queue: ClassifyQueue } {
  const queue = use(ClassifierContext);
  if (!queue) throw new Error("useClassifier needs a ClassifierContext above it.");
  return { queue, state: useSyncExternalStore(queue.subscribe, queue.getSnapshot) };
}
