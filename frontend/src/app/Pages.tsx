import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ClassifyPage } from "@/features/classify/ClassifyPage";
import { startHeadingId } from "@/features/classify/StartPanel";
import { LoadBoundary } from "@/shared/ui/LoadBoundary";
import { Link } from "./Link";
import { routes, type Route } from "./router";

// Pages to read are fetched when wanted: the first visit is for checking a picture.
const AboutPage = lazy(async () => ({ default: (await import("@/features/about/AboutPage")).AboutPage }));
const GuidePage = lazy(async () => ({ default: (await import("@/features/about/GuidePage")).GuidePage }));
const HistoryPage = lazy(async () => ({
  default: (await import("@/features/history/HistoryPage")).HistoryPage,
}));
const ModelPage = lazy(async () => ({ default: (await import("@/features/about/ModelPage")).ModelPage }));

const linkStyle = "inline-flex min-h-11 items-center underline underline-offset-4";

export function Pages({ route }: { route: Route }) {
  // The other pages begin at their heading, always; the start page only for those who come from another one.
  const shown = useRef(route);
  useEffect(() => {
    if (shown.current !== route) document.getElementById(startHeadingId)?.focus({ preventScroll: true });
    shown.current = route;
  }, [route]);

  return (
    <LoadBoundary key={route}>
      <Suspense fallback={<div className="min-h-dvh" />}>
        <Page route={route} />
      </Suspense>
    </LoadBoundary>
  );
}

function Page({ route }: { route: Route }) {
  const { t } = useTranslation();
  const back = (
    <Link to={routes.home} className={linkStyle}>
      {t("about.back")}
    </Link>
  );
  switch (route) {
    case routes.guide:
      return <GuidePage back={back} />;
    case routes.about:
      return (
        <AboutPage
          back={back}
          more={
            <Link to={routes.model} className={linkStyle}>
              {t("about.more")}
            </Link>
          }
        />
      );
    case routes.model:
      return <ModelPage back={back} />;
    case routes.history:
      return <HistoryPage back={back} />;
    case routes.home:
      return <ClassifyPage />;
  }
}
