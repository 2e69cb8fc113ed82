import { useQuery, type QueryClient } from "@tanstack/react-query";
import { getModel } from "./client";
import type { ServedModel } from "./types";

const queryKey = ["model"];

/** What serves: its model card, its experts and its limits. Asked for once a visit. */
export function useModel() {
  return useQuery({ queryKey, queryFn: getModel, staleTime: Infinity, retry: 1 });
}

/** The same, if it has arrived already, for code outside components. */
export function knownModel(client: QueryClient): ServedModel | undefined {
  return client.getQueryData(queryKey);
}
