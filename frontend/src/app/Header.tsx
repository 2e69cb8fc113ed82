import { History, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Mark } from "@/shared/ui/Mark";
import { LanguageChoice } from "./LanguageChoice";
import { Link } from "./Link";
import { routes } from "./router";
import { chooseTheme, useTheme } from "./theme";

export function Header() {
  const { t } = useTranslation();
  const dark = useTheme() === "dark";
  const Icon = dark ? Sun : Moon;

  return (
    <header className="flex items-center justify-between py-3 sm:py-5">
      <Link
        to={routes.home}
        aria-label={t("app.home")}
        className="flex min-h-11 items-center gap-2.5 rounded-lg text-lg font-semibold tracking-tight"
      >
        <Mark className="size-7" />
        {t("app.name")}
      </Link>
      <div className="-mr-2.5 flex items-center">
        <LanguageChoice />
        <Link
          to={routes.history}
          aria-label={t("history.title")}
          title={t("history.title")}
          className="grid size-11 place-items-center rounded-full hover:bg-sunken"
        >
          <History aria-hidden="true" className="size-5" />
        </Link>
        <button
          type="button"
          aria-label={dark ? t("theme.toLight") : t("theme.toDark")}
          title={dark ? t("theme.toLight") : t("theme.toDark")}
          onClick={() => {
            chooseTheme(dark ? "light" : "dark");
          }}
          className="grid size-11 place-items-center rounded-full hover:bg-sunken"
        >
          <Icon aria-hidden="true" className="size-5" />
        </button>
      </div>
    </header>
  );
}
