import { useSyncExternalStore } from "react";

export const routes = { home: "/", about: "/about" } as const;
export type Route = (typeof routes)[keyof typeof routes];

/** Two pages need no router library: the address is the state. */
export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return path === routes.about ? routes.about : routes.home;
}

export function navigate(route: Route): void {
  if (location.pathname === route) return;
  history.pushState(null, "", route);
  window.dispatchEvent(new PopStateEvent("popstate"));
  window.scrollTo({ top: 0 });
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("popstate", listener);
  };
}
