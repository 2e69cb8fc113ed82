import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ClassifierContext } from "@/features/classify/classifier";
import { checkFile, defaultMaxBytes } from "@/features/classify/file-rules";
import { IntakeArea } from "@/features/classify/IntakeArea";
import { ClassifyQueue } from "@/features/classify/queue";
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
  const [{ queryClient, queue }] = useState(createServices);
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
      </ClassifierContext>
    </QueryClientProvider>
  );
}

function createServices() {
  const queryClient = new QueryClient();
  const queue = new ClassifyQueue({
    check: (file) => checkFile(file, knownModel(queryClient)?.limits.max_bytes ?? defaultMaxBytes),
    send: classifyFile,
  });
  keepHistory(queue, () => void queryClient.invalidateQueries({ queryKey: ["history"] }));
  return { queryClient, queue };
}
