// The theme: light, dark, or that of the system.

import type { Theme } from "./view.ts";

export function prefers_dark(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

export function is_dark(theme: Theme): boolean {
  return theme === "auto" ? prefers_dark().matches : theme === "dark";
}

/** Sets the theme that theme.css has the colours of. */
export function apply_theme(theme: Theme): void {
  document.documentElement.dataset.theme = is_dark(theme) ? "dark" : "light";
}
