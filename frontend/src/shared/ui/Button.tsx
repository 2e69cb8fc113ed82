import type { ButtonHTMLAttributes } from "react";

const looks = {
  primary: "bg-ink text-paper hover:opacity-85",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
} as const;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
}

export function Button({ look = "secondary", className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 font-medium transition ${looks[look]} ${className}`}
      {...rest}
    />
  );
}
