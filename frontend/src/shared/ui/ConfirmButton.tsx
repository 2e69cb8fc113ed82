import { useId, useRef, type ComponentProps, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface ConfirmButtonProps extends Omit<ComponentProps<typeof Button>, "onClick"> {
  question: string;
  explanation: string;
  /** What the button that goes ahead says. */
  confirm: string;
  onConfirm: () => void;
  children: ReactNode;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { question, explanation, confirm, onConfirm, children, ...button } = props;
  const { t } = useTranslation();
  const dialogRef = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = (): void => dialogRef.current?.close();

  return (
    <>
      <Button {...button} aria-haspopup="dialog" onClick={() => dialogRef.current?.showModal()}>
        {children}
      </Button>
      <dialog
        ref={dialogRef}
        aria-labelledby={`${id}-question`}
        aria-describedby={`${id}-explanation`}
        className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-3xl border border-line bg-surface p-6 text-left text-ink backdrop:bg-black/40"
      >
        <h2 id={`${id}-question`} className="text-xl font-semibold tracking-tight">
          {question}
        </h2>
        <p id={`${id}-explanation`} className="mt-2 mb-6 text-muted">
          {explanation}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={close}>
            {t("queue.keep")}
          </Button>
          <Button
            look="primary"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </div>
      </dialog>
    </>
  );
}
