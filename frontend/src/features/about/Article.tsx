import { useEffect, useRef, type ReactNode } from "react";

interface ArticleProps {
  title: string;
  lead: string;
  /** The way back to checking pictures. */
  back: ReactNode;
  children: ReactNode;
}

/** A page to read. It starts at its heading, for screen readers too. */
export function Article({ title, lead, back, children }: ArticleProps) {
  const headingRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    headingRef.current?.focus({ preventScroll: true });
  }, []);

  return (
    <article className="mx-auto max-w-2xl space-y-10">
      <header className="space-y-3">
        <h1
          ref={headingRef}
          tabIndex={-1}
          className="text-3xl leading-tight font-semibold tracking-tight sm:text-4xl"
        >
          {title}
        </h1>
        <p className="text-lg text-muted">{lead}</p>
      </header>
      {children}
      <p>{back}</p>
    </article>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-4">
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}
