import type { AnchorHTMLAttributes } from "react";
import { navigate, type Route } from "./router";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Route;
}

/** A link inside the app: no page load, but a real link for new tabs and screen readers. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        navigate(to);
      }}
      {...rest}
    >
      {children}
    </a>
  );
}
