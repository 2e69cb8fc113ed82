import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { clearEntries, listEntries, removeEntry } from "./store";

const queryKey = ["history"];

/** What this browser keeps, newest first; an error where it keeps nothing. */
export function useHistory() {
  // What is shown on coming back was kept meanwhile, here or in another tab.
  return useQuery({ queryKey, queryFn: listEntries, retry: false, networkMode: "always" });
}

export function useHistoryActions() {
  const client = useQueryClient();
  const settings = {
    networkMode: "always",
    onSettled: () => client.invalidateQueries({ queryKey }),
  } as const;
  return {
    remove: useMutation({ mutationFn: removeEntry, ...settings }).mutate,
    clear: useMutation({ mutationFn: clearEntries, ...settings }).mutate,
  };
}
