import { ChevronDown, ImageOff, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/shared/lib/format";
import { useObjectUrl } from "@/shared/lib/object-url";
import { problemKey } from "@/shared/lib/problem-texts";
import { verdictStyles } from "@/shared/ui/verdict-style";
import { folderOf } from "./file-rules";
import { ProgressView } from "./ProgressView";
import type { Phase, Picture } from "./queue";

interface PictureRowProps {
  picture: Picture;
  onOpen: () => void;
}

/** One picture of many: what came out, at a glance; the whole answer on demand. */
export function PictureRow({ picture, onOpen }: PictureRowProps) {
  const { t } = useTranslation();
  const { file, phase } = picture;
  const name = file.name || t("picture.unnamed");
  const folder = folderOf(file);

  return (
    <button
      type="button"
      aria-expanded={false}
      onClick={onOpen}
      className="flex w-full items-center gap-3 rounded-2xl border border-line bg-surface p-2.5 text-left sm:pr-4 transition hover:border-line-strong"
    >
      <Thumbnail file={file} />
      <span className="min-w-0 grow">
        <span className="block truncate text-sm text-muted" title={folder ? `${folder}/${name}` : name}>
          {name}
        </span>
        <Outcome phase={phase} name={name} />
      </span>
      {phase.kind === "done" && <Chance probability={phase.verdict.probability} />}
      <ChevronDown aria-hidden="true" className="size-5 shrink-0 text-muted" />
    </button>
  );
}

function Outcome({ phase, name }: { phase: Phase; name: string }) {
  const { t } = useTranslation();
  if (phase.kind === "done") {
    const { icon: Icon, text } = verdictStyles[phase.verdict.label];
    return (
      <span className={`flex items-center gap-1.5 font-semibold whitespace-nowrap ${text}`}>
        <Icon aria-hidden="true" className="size-4 shrink-0" />
        {t(`queue.word.${phase.verdict.label}`)}
      </span>
    );
  }
  if (phase.kind === "failed") {
    return (
      <span className="flex items-start gap-1.5 font-medium text-problem">
        <TriangleAlert aria-hidden="true" className="mt-1 size-4 shrink-0" />
        {t(`problem.${problemKey(phase.problem.slug)}.title`)}
      </span>
    );
  }
  return <ProgressView phase={phase} name={name} compact />;
}

function Chance({ probability }: { probability: number }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="shrink-0 text-right leading-tight">
      <span className="block text-lg font-semibold tabular-nums">
        {formatPercent(probability, i18n.language)}
      </span>
      <span className="block text-xs text-muted">{t("queue.chance")}</span>
    </span>
  );
}

function Thumbnail({ file }: { file: File }) {
  const [broken, setBroken] = useState(false);
  const show = useObjectUrl(file);
  return (
    <span className="grid size-14 shrink-0 place-items-center overflow-hidden rounded-xl bg-sunken text-muted">
      {broken ? (
        <ImageOff aria-hidden="true" className="size-5" />
      ) : (
        <img
          ref={show}
          alt=""
          decoding="async"
          className="size-full object-cover"
          onError={() => {
            setBroken(true);
          }}
        />
      )}
    </span>
  );
}
