import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "./Link";
import { routes } from "./router";

const linkStyle =
  "inline-flex min-h-11 items-center rounded-md underline underline-offset-4 hover:decoration-2";

export function Footer() {
  const { t } = useTranslation();
  return (
    <footer className="mt-12 flex flex-wrap items-center gap-x-7 border-t border-line py-4 text-sm sm:mt-16">
      <nav aria-label={t("footer.label")} className="flex flex-wrap gap-x-7">
        <Link to={routes.guide} className={linkStyle}>
          {t("footer.guide")}
        </Link>
        <Link to={routes.about} className={linkStyle}>
          {t("footer.about")}
        </Link>
        <Link to={routes.model} className={linkStyle}>
          {t("footer.model")}
        </Link>
        <a href="/api/docs" target="_blank" rel="noreferrer" className={`${linkStyle} gap-1.5`}>
          {t("footer.apiDocs")}
          <ExternalLink aria-hidden="true" className="size-3.5" />
        </a>
      </nav>
      <p className="py-2 text-muted sm:ml-auto">{t("footer.privacy")}</p>
    </footer>
  );
}
