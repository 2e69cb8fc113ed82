import { useSyncExternalStore } from "react";

/** Each page has its address, and its texts under this name; the server knows the addresses, too. */
export const routes = {
  home: "/",
  guide: "/guide",
  about: "/about",
  model: "/model",
  history: "/history",
} as const;
export type Route = (typeof routes)[keyof typeof routes];

/** A few pages need no router library: the address is the state. */
export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return Object.values(routes).find((route) => route === path) ?? routes.home;
}

export function pageOf(route: Route): keyof typeof routes {
  const names = Object.keys(routes) as (keyof typeof routes)[];
  return names.find((name) => routes[name] === route) ?? "home";
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
