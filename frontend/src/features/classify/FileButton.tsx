import type { ComponentProps, ReactNode } from "react";
import { useEffect, useRef } from "react";
import { Button } from "@/shared/ui/Button";

interface FileButtonProps extends Pick<ComponentProps<typeof Button>, "look" | "className"> {
  id?: string;
  /** Name of the file input behind the button. */
  label: string;
  onFiles: (files: File[]) => void;
  /** Whether a whole folder is chosen instead of files. */
  folder?: boolean;
  input: Pick<ComponentProps<"input">, "accept" | "multiple" | "capture">;
  children: ReactNode;
}

/** A button that opens the system's dialog for files or its camera. */
export function FileButton({
  id,
  label,
  onFiles,
  folder = false,
  input,
  children,
  ...button
}: FileButtonProps) {
  const inputRef = useRef<HTMLInputElement>(null);

  // Every browser with folders knows it by this name; React does not know it.
  useEffect(() => {
    if (inputRef.current) inputRef.current.webkitdirectory = folder;
  }, [folder]);

  return (
    <>
      <input
        ref={inputRef}
        type="file"
        hidden
        aria-label={label}
        {...input}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // So that choosing the same file again counts as a change.
          currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
      <Button id={id} onClick={() => inputRef.current?.click()} {...button}>
        {children}
      </Button>
    </>
  );
}
