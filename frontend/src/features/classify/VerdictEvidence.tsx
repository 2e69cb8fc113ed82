import { useTranslation } from "react-i18next";
import { gistOfMarks } from "@/features/evidence/marks";
import { MarksPanel } from "@/features/evidence/MarksPanel";
import { PlainWords } from "@/features/evidence/PlainWords";
import { WherePanel } from "@/features/evidence/WherePanel";
import { MistakeReport } from "@/features/mistake/MistakeReport";
import type { Verdict } from "@/shared/api/types";
import { Disclosure } from "@/shared/ui/Disclosure";
import { VerdictDetails } from "./VerdictDetails";

interface VerdictEvidenceProps {
  file: File;
  name: string;
  verdict: Verdict;
  requestId: string | undefined;
}

/** Behind the verdict: what it rests on, for those who want to check it. */
export function VerdictEvidence({ file, name, verdict, requestId }: VerdictEvidenceProps) {
  const { t } = useTranslation();
  const gist = gistOfMarks(verdict.provenance).map((one) => t(`marks.short.${one}`));
  return (
    <div>
      <PlainWords summary={verdict.summary} />
      <Disclosure title={t("where.heading")}>
        <WherePanel file={file} name={name} verdict={verdict} />
      </Disclosure>
      <Disclosure title={t("marks.heading")} hint={gist.join(" · ")}>
        <MarksPanel signals={verdict.provenance.signals} />
      </Disclosure>
      <VerdictDetails verdict={verdict} requestId={requestId} />
      <Disclosure title={t("mistake.open")}>
        <MistakeReport verdict={verdict} />
      </Disclosure>
    </div>
  );
}
