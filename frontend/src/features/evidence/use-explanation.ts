import { useQuery } from "@tanstack/react-query";
import { classifyFile } from "@/shared/api/classify";
import { isBusy } from "@/shared/api/problem";

const longestKeptMs = 60_000;
const usualWaitMs = 2_000;

/**
 * The explanation of a verdict, from a second look at the same file. It is asked for only by whoever opens it and
 * forgotten a minute after: hundreds of pictures with a heat map each would fill a phone's memory and its network
 * for something that is looked at a few times. The same bytes get the same verdict, so nothing can disagree.
 */
export function useExplanation(verdictId: string, file: File) {
  return useQuery({
    queryKey: ["explanation", verdictId],
    queryFn: async ({ signal }) => {
      const { verdict } = await classifyFile(file, { signal, explain: true });
      return verdict.explanation ?? null;
    },
    staleTime: Infinity,
    gcTime: longestKeptMs,
    retry: (failures, error) => isBusy(error) && failures < 4,
    retryDelay: (_failures, error) =>
      isBusy(error) ? (error.info.retryAfterMs ?? usualWaitMs) : usualWaitMs,
  });
}
