import { Announcements } from "./Announcements";
import { useClassifier } from "./classifier";
import { ResultsPanel } from "./ResultsPanel";
import { StartPanel } from "./StartPanel";

export function ClassifyPage() {
  const { pictures, queue } = useClassifier();
  return (
    <>
      {pictures.length === 0 ? (
        <StartPanel onFiles={queue.add} />
      ) : (
        <ResultsPanel pictures={pictures} queue={queue} onFiles={queue.add} />
      )}
      <Announcements pictures={pictures} />
    </>
  );
}
