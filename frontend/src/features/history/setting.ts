import { useSyncExternalStore } from "react";

const storageKey = "history";
const listeners = new Set<() => void>();
let on = read();
let deletions = 0;

/** Whether verdicts are kept in this browser. Off until a person switches it on. */
export function historyIsOn(): boolean {
  return on;
}

export function useHistoryIsOn(): boolean {
  return useSyncExternalStore(onHistorySwitched, historyIsOn);
}

export function switchHistory(next: boolean): void {
  on = next;
  try {
    if (next) localStorage.setItem(storageKey, "on");
    else localStorage.removeItem(storageKey);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function onHistorySwitched(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Told when the whole history is deleted. */
export function noteDeletion(): void {
  deletions++;
}

/** Whether an answer that is there now may be kept, to be asked again right before it is written. */
export function permission(): () => boolean {
  const before = deletions;
  return () => on && deletions === before;
}

function read(): boolean {
  try {
    return localStorage.getItem(storageKey) === "on";
  } catch {
    return false;
  }
}
