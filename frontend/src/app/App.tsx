import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { AboutPage } from "@/features/about/AboutPage";
import { ClassifierContext } from "@/features/classify/classifier";
import { ClassifyPage } from "@/features/classify/ClassifyPage";
import { checkFile, defaultMaxBytes } from "@/features/classify/file-rules";
import { IntakeArea } from "@/features/classify/IntakeArea";
import { ClassifyQueue } from "@/features/classify/queue";
import { classifyFile } from "@/shared/api/classify";
import { knownModel } from "@/shared/api/model";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Link } from "./Link";
import { navigate, routes, useRoute } from "./router";

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

  const title = route === routes.about ? `${t("about.title")} · ${t("app.name")}` : t("app.title");
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <QueryClientProvider client={queryClient}>
      <ClassifierContext value={queue}>
        <IntakeArea onFiles={takeFiles}>
          <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 sm:px-8">
            <a
              href="#main"
              className="absolute top-2 left-1/2 z-20 -translate-x-1/2 -translate-y-20 rounded-full bg-ink px-5 py-2.5 text-paper focus:translate-y-0"
            >
              {t("app.skip")}
            </a>
            <Header />
            <main id="main" tabIndex={-1} className="grow pt-3 sm:pt-8">
              {route === routes.about ? (
                <AboutPage
                  back={
                    <Link
                      to={routes.home}
                      className="inline-flex min-h-11 items-center underline underline-offset-4"
                    >
                      {t("about.back")}
                    </Link>
                  }
                />
              ) : (
                <ClassifyPage />
              )}
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
  return { queryClient, queue };
}
