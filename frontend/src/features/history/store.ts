import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Label } from "@/shared/api/types";
import { noteDeletion } from "./setting";

export interface HistoryEntry {
  /** Of the verdict. */
  id: string;
  name: string;
  label: Label;
  probability: number;
  /** When the verdict came, on the clock of `Date.now()`. */
  at: number;
  /** Name and version of the model that judged. */
  model: string;
  /** A small copy of the picture, if the browser can show its format. */
  thumbnail: Blob | null;
}

interface Schema extends DBSchema {
  entries: { key: string; value: HistoryEntry; indexes: { at: number } };
}

const maxEntries = 2_000;
/** What a full disk takes for a new entry: enough for a while, and never the whole history. */
const makeRoom = 20;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Rejects where the browser keeps nothing, such as in some private windows. */
async function open(): Promise<IDBPDatabase<Schema>> {
  const forget = (): void => {
    opened = undefined;
  };
  opened ??= openDB<Schema>("history", 1, {
    upgrade: (db) => {
      db.createObjectStore("entries", { keyPath: "id" }).createIndex("at", "at");
    },
    terminated: forget,
  });
  return opened.catch((error: unknown) => {
    forget();
    throw error;
  });
}

/** All entries, newest first. */
export async function listEntries(): Promise<HistoryEntry[]> {
  const db = await open();
  return (await db.getAllFromIndex("entries", "at")).reverse();
}

/** Keeps an entry if that is allowed when it is written. If there is no room, the oldest go first. */
export async function addEntry(entry: HistoryEntry, allowed: () => boolean): Promise<void> {
  const db = await open();
  const put = async () => allowed() && db.put("entries", entry);
  try {
    await put();
  } catch (error) {
    if (!(error instanceof Error && error.name === "QuotaExceededError")) throw error;
    await dropOldest(db, makeRoom);
    await put();
  }
  await dropOldest(db, (await db.count("entries")) - maxEntries);
}

export async function removeEntry(id: string): Promise<void> {
  await (await open()).delete("entries", id);
}

export async function clearEntries(): Promise<void> {
  noteDeletion();
  await (await open()).clear("entries");
}

async function dropOldest(db: IDBPDatabase<Schema>, count: number): Promise<void> {
  if (count <= 0) return;
  const transaction = db.transaction("entries", "readwrite");
  const oldest = await transaction.store.index("at").getAllKeys(null, count);
  await Promise.all([...oldest.map((id) => transaction.store.delete(id)), transaction.done]);
}
