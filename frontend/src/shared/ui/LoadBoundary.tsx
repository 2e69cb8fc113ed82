import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

/** Says so where a part of the page cannot be fetched, such as after an update of the server. */
export class LoadBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const { t } = useTranslation();
  return (
    <div role="alert" className="mx-auto max-w-2xl space-y-4">
      <p>{t("app.pageFailed")}</p>
      <Button
        onClick={() => {
          location.reload();
        }}
      >
        {t("app.reload")}
      </Button>
    </div>
  );
}
