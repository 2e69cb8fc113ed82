import en from "@/locales/en.json";

type NoteKey = Exclude<keyof typeof en.notes, "heading">;

/** The text for a note of the API; codes this page does not know yet are shown as they are. */
export function noteKey(code: string): NoteKey {
  return code !== "heading" && code in en.notes ? (code as NoteKey) : "other";
}
