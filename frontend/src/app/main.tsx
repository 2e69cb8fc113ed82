import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { preferredLanguage, showLanguage } from "@/shared/i18n";
import { App } from "./App";
import "./index.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root element.");
// Before the first render, so that no other language flashes.
await showLanguage(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
