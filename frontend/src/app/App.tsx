import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { askBeforeLeaving } from "@/features/classify/ask-before-leaving";
import { ClassifierContext } from "@/features/classify/classifier";
import { checkFile, defaultMaxBytes } from "@/features/classify/file-rules";
import { IntakeArea } from "@/features/classify/IntakeArea";
import { ClassifyQueue } from "@/features/classify/queue";
import { fetchReport, save } from "@/features/report/report";
import { Reporter } from "@/features/report/reporter";
import { ReporterContext } from "@/features/report/use-report";
import { classifyFile } from "@/shared/api/classify";
import { knownModel } from "@/shared/api/model";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { keepHistory } from "./keep-history";
import { Pages } from "./Pages";
import { navigate, pageOf, routes, useRoute } from "./router";

export function App() {
  const { t } = useTranslation();
  const route = useRoute();
  const [{ queryClient, queue, reporter }] = useState(createServices);
  const takeFiles = useCallback(
    (files: File[]) => {
      queue.add(files);
      navigate(routes.home);
    },
    [queue],
  );

  const page = pageOf(route);
  const title = page === "home" ? t("app.title") : `${t(`${page}.title`)} · ${t("app.name")}`;
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <QueryClientProvider client={queryClient}>
      <ClassifierContext value={queue}>
        <ReporterContext value={reporter}>
          <IntakeArea onFiles={takeFiles} onUnreadable={queue.addUnreadable}>
            <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 sm:px-8">
              <a
                href="#main"
                className="absolute top-2 left-1/2 z-20 -translate-x-1/2 -translate-y-20 rounded-full bg-ink px-5 py-2.5 text-paper focus:translate-y-0"
              >
                {t("app.skip")}
              </a>
              <Header />
              <main id="main" tabIndex={-1} className="grow pt-3 sm:pt-8">
                <Pages route={route} />
              </main>
              <Footer />
            </div>
          </IntakeArea>
        </ReporterContext>
      </ClassifierContext>
    </QueryClientProvider>
  );
}

function createServices() {
  // A browser that calls itself offline may well reach a server on this machine or in its own network.
  const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: "always" } } });
  const queue = new ClassifyQueue({
    check: (file) => checkFile(file, knownModel(queryClient)?.limits.max_bytes ?? defaultMaxBytes),
    send: classifyFile,
  });
  askBeforeLeaving(queue);
  keepHistory(queue, () => void queryClient.invalidateQueries({ queryKey: ["history"] }));
  const reporter = new Reporter({ fetch: fetchReport, save });
  queue.subscribe(() => {
    // Nobody wants a report any more about pictures that were all taken away.
    if (queue.getSnapshot().pictures.length === 0) reporter.cancel();
  });
  return { queryClient, queue, reporter };
}
