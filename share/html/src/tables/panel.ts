// The tables beside the pictures: tabs, the search, and the sentence about the window.

import type { Look, Palette } from "../colours.ts";
import { element, focus_in } from "../dom.ts";
import { window_text } from "../scope.ts";
import type { Store } from "../store.ts";
import { TABS, type Tab } from "../view.ts";
import { is_whole } from "../window.ts";
import { functions_notes, functions_table } from "./functions.ts";
import { leak_panel, line_tables } from "./lines.ts";
import { losses_table, marks_notes, marks_table, values_table } from "./marks.ts";
import { processes_notes, processes_table, update_cursor } from "./processes.ts";

export class Panel {
  readonly #store: Store;
  readonly #host: HTMLElement;
  readonly #looks: Look[];
  readonly #tabs = element("div", { class: "tabs", attributes: { role: "tablist", "aria-label": "Tables" } });
  readonly #search = element("input", {
    class: "search",
    attributes: {
      type: "search",
      placeholder: "Search (/)",
      "aria-label": "Search in the table",
      maxlength: "200",
    },
  });
  readonly #about = element("p", { class: "about", attributes: { "aria-live": "polite" } });
  readonly #body = element("div", { class: "tab_body", id: "tab_body", attributes: { role: "tabpanel" } });
  #palette: Palette;
  #timer = 0;

  constructor(store: Store, host: HTMLElement, looks: Look[], palette: Palette) {
    this.#store = store;
    this.#host = host;
    this.#looks = looks;
    this.#palette = palette;
    this.#search.addEventListener("input", () => store.set({ query: this.#search.value }));
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      store.set({ query: "" });
      this.#search.blur();
    });
    this.#tabs.addEventListener("keydown", (event) => this.#arrows(event));
    host.append(this.#tabs, element("div", { class: "table_head" }, this.#search, this.#about), this.#body);
    this.draw();
  }

  use(palette: Palette): void {
    this.#palette = palette;
    this.draw();
  }

  focus_search(): void {
    this.#search.focus();
    this.#search.select();
  }

  /** The tabs that have something to show. */
  tabs(): Tab[] {
    const { recording } = this.#store.model;
    return TABS.filter((tab) =>
      tab === "leak" ? recording.leak !== null : tab !== "lines" || recording.lines.length > 0,
    );
  }

  /** Draws again when the window has been still for a moment, so that panning stays smooth. */
  draw_soon(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.draw(), 120);
    this.#describe();
  }

  draw(): void {
    window.clearTimeout(this.#timer);
    const { view } = this.#store;
    const tabs = this.tabs();
    const shown = tabs.includes(view.tab) ? view.tab : tabs[0]!;
    const in_tabs = this.#tabs.contains(document.activeElement);
    const focused = focus_in(this.#body);
    this.#tabs.replaceChildren(...tabs.map((tab) => this.#tab_button(tab, tab === shown)));
    if (this.#search.value !== view.query) this.#search.value = view.query;
    const scrolled = this.#body.firstElementChild?.scrollTop ?? 0;
    const was = this.#body.dataset.tab;
    this.#body.dataset.tab = shown;
    this.#body.setAttribute("aria-label", shown);
    this.#body.replaceChildren(...this.#content(shown));
    if (was === shown) this.#body.firstElementChild!.scrollTop = scrolled;
    this.#describe();
    if (in_tabs) this.#tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    else focused?.restore();
  }

  /** Writes the values at the crosshair. */
  update_cursor(): void {
    if (this.#body.dataset.tab === "processes") update_cursor(this.#body, this.#store);
  }

  /** Returns every table, for paper. */
  all(): HTMLElement {
    const parts = this.tabs().flatMap((tab) => [element("h2", {}, tab), ...this.#content(tab)]);
    const about = element("p", { class: "about" }, this.#about.textContent ?? "");
    return element("div", { class: "paper_tables" }, about, ...parts);
  }

  #content(tab: Tab): HTMLElement[] {
    const { model, view } = this.#store;
    const notes_of: Partial<Record<Tab, () => string[]>> = {
      processes: () => processes_notes(model),
      functions: () => functions_notes(model, is_whole(view.window, model.whole)),
      marks: () => marks_notes(model),
    };
    const notes = notes_of[tab]?.() ?? [];
    const made: Record<Tab, () => HTMLElement> = {
      processes: () => processes_table(this.#store, this.#looks, this.#palette),
      functions: () => functions_table(this.#store),
      marks: () => marks_table(this.#store),
      leak: () => leak_panel(model.recording.leak!, model),
      lines: () => line_tables(model, view.query),
      values: () => values_table(this.#store),
      losses: () => losses_table(this.#store),
    };
    return [made[tab](), ...notes.map((note) => element("p", { class: "note" }, note))];
  }

  /** Says which window the figures describe, and what their signs mean. */
  #describe(): void {
    const { model, view } = this.#store;
    const is_part = !is_whole(view.window, model.whole) || Boolean(model.recording.window);
    const tab = this.#body.dataset.tab;
    const lines = tab === "lines" && is_part ? " Line tables are of the whole recording." : "";
    const signs = tab === "processes" || tab === "values" ? this.#signs() : "";
    this.#about.textContent = window_text(model, view.window) + lines + signs;
  }

  /** Says what the figures of memory are, if it is not obvious. */
  #signs(): string {
    const { model, view } = this.#store;
    const text = this.#body.textContent ?? "";
    const parts: string[] = [];
    if (model.recording.metrics.length > 1) parts.push(`Memory is ${view.metric.toUpperCase()}.`);
    if (text.includes("≈")) parts.push("≈: computed from the curve between its samples.");
    if (text.includes("≥")) {
      parts.push(
        is_whole(view.window, model.whole)
          ? "≥: memory was higher between samples."
          : "≥: at the edge of the window the page does not have every sample.",
      );
    }
    return parts.map((part) => ` ${part}`).join("");
  }

  #tab_button(tab: Tab, is_shown: boolean): HTMLElement {
    return element(
      "button",
      {
        class: "tab",
        attributes: {
          role: "tab",
          "data-tab": tab,
          "aria-selected": String(is_shown),
          "aria-controls": "tab_body",
          tabindex: is_shown ? "0" : "-1",
        },
        on: { click: () => this.#store.set({ tab }) },
      },
      tab,
    );
  }

  #arrows(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const tabs = this.tabs();
    const next = (tabs.indexOf(this.#body.dataset.tab as Tab) + step + tabs.length) % tabs.length;
    this.#store.set({ tab: tabs[next]! });
  }

  get host(): HTMLElement {
    return this.#host;
  }
}
