// The row above the chart: the legend, whose entries hide curves, and the switches of the picture.

import type { Chart, Curve } from "./chart.ts";
import { element, focus_in } from "./dom.ts";
import { has_signs } from "./floors.ts";
import { count } from "./format.ts";
import { name_of, swatch } from "./readout.ts";
import type { Store } from "./store.ts";
import { COLOURS, THEMES, type View } from "./view.ts";
import { is_whole } from "./window.ts";

const MOST_ENTRIES = 5;
/** Nobody can ask paper for more. */
const MOST_ON_PAPER = 40;

/** Returns a name in which the pid stays, because it may be all that tells two entries apart. */
function entry_parts(name: string, pid: number | null): HTMLElement[] {
  const [before, after] = pid === null ? [name, ""] : around_pid(name, String(pid));
  const parts = [element("span", { class: "entry_name" }, before)];
  if (after) parts.push(element("span", { class: "entry_pid" }, after));
  return parts;
}

/** Splits a label into its name and its pid, which is last; the whole label is the name if it has none. */
export function around_pid(label: string, pid: string): [string, string] {
  const place = label.lastIndexOf(pid);
  if (place < 1) return [label, ""];
  const name = `${label.slice(0, place)} ${label.slice(place + pid.length)}`;
  return [name.replace(/\s+(?=[:,])|\s+$/g, "").replace(/\s+/g, " "), pid];
}

export class Toolbar {
  readonly #store: Store;
  readonly #chart: Chart;
  readonly #legend = element("div", {
    class: "legend",
    attributes: { role: "group", "aria-label": "Curves" },
  });
  readonly #switches = element("div", { class: "switches" });
  readonly #whole: HTMLButtonElement;
  readonly #help: () => void;
  #most = MOST_ENTRIES;
  /** The entries of the legend. They stay while the curves do: the second click of a double click must be on
   * the same one. */
  #entries: { curve: Curve; colour: string; button: HTMLElement }[] = [];
  /** What was shown before the last click, or the first of two. */
  #before: Partial<View> = {};

  constructor(store: Store, chart: Chart, host: HTMLElement, help: () => void) {
    this.#store = store;
    this.#chart = chart;
    this.#help = help;
    const on = { click: () => store.go(store.model.whole) };
    const title = store.model.recording.window ? "Show all of this page (0)" : "Show the whole recording (0)";
    this.#whole = element("button", { on, title }, "whole");
    host.append(this.#legend, this.#switches);
    this.draw();
  }

  draw(medium: "screen" | "paper" = "screen"): void {
    this.#most = medium === "paper" ? MOST_ON_PAPER : MOST_ENTRIES;
    const focused = focus_in(this.#legend, this.#switches);
    this.#draw_legend();
    this.#draw_switches();
    this.move();
    focused?.restore();
  }

  move(): void {
    // a button that is really disabled would lose the focus of the keyboard
    const is_done = is_whole(this.#store.view.window, this.#store.model.whole);
    this.#whole.setAttribute("aria-disabled", String(is_done));
  }

  #draw_legend(): void {
    const curves = [...this.#chart.curves].reverse();
    const shown = curves.length > this.#most + 1 ? curves.slice(0, this.#most) : curves;
    const left_out = curves.length > 1 ? (this.#store.model.recording.processes_left_out ?? 0) : 0;
    const rest = curves.length - shown.length + left_out;
    const more = element(
      "button",
      { class: "entry entry_more", on: { click: () => this.#store.set({ tab: "processes" }) } },
      `+${count(rest)} more`,
    );
    const colour = (curve: Curve) => this.#chart.colour(curve);
    const is_same = (curve: Curve, i: number) =>
      this.#entries[i]?.curve === curve && this.#entries[i]?.colour === colour(curve);
    if (shown.length !== this.#entries.length || !shown.every(is_same)) {
      this.#entries = shown.map((curve) => ({ curve, colour: colour(curve), button: this.#entry(curve) }));
      const buttons = this.#entries.map(({ button }) => button);
      this.#legend.replaceChildren(...buttons, ...(rest > 0 ? [more] : []));
    }
    for (const { curve, button } of this.#entries) this.#update(curve, button);
  }

  #update(curve: Curve, button: HTMLElement): void {
    const is_on = this.#is_on(curve);
    const name = name_of(curve, this.#store.model);
    button.title = `${is_on ? "Hide" : "Show"} ${name}. Alt+click or double click: only this one`;
    button.setAttribute("aria-pressed", String(is_on));
  }

  #is_on({ kind, series }: Curve): boolean {
    const { view } = this.#store;
    if (kind === "also") return view.also === "shown";
    return kind === "total" ? view.total === "shown" : !view.hidden.has(series.process!);
  }

  #entry(curve: Curve): HTMLElement {
    const { process } = curve.series;
    const { model } = this.#store;
    const click = (event: Event) => this.#click(curve, event as MouseEvent);
    const dblclick = () => {
      if (curve.kind === "also") return;
      this.#store.set(this.#before);
      this.#store.solo(process);
    };
    return element(
      "button",
      { class: "entry", on: { click, dblclick } },
      swatch(this.#chart.colour(curve)),
      ...entry_parts(name_of(curve, model), curve.kind === "process" ? model.processes[process!]!.pid : null),
    );
  }

  #click(curve: Curve, event: MouseEvent): void {
    const { hidden, total } = this.#store.view;
    if (event.detail < 2) this.#before = { hidden, total };
    if (curve.kind === "also") this.#store.set({ also: this.#is_on(curve) ? "hidden" : "shown" });
    else if (event.altKey) this.#store.solo(curve.series.process);
    else this.#store.toggle(curve.series.process);
  }

  #draw_switches(): void {
    const { model } = this.#store;
    const { recording } = model;
    const has_leak = recording.leak !== null && has_signs(recording.leak);
    this.#switches.replaceChildren(
      ...(recording.metrics.length > 1 ? [this.#select("metric", "Metric", recording.metrics)] : []),
      ...(model.calls.n > 0 ? [this.#select("colouring", "Colour of calls", COLOURS)] : []),
      this.#toggle("axis", "fit", "zero", "fit", "Memory axis from zero, or fitted to what is visible (z)"),
      ...(has_leak
        ? [this.#toggle("leak", "shown", "hidden", "leak", "Floors and line of the leak (l)")]
        : []),
      this.#select("theme", "Theme", THEMES),
      this.#whole,
      element(
        "button",
        { title: "Keys (?)", on: { click: this.#help }, attributes: { "aria-label": "Keys" } },
        "?",
      ),
    );
  }

  #select(key: "metric" | "colouring" | "theme", label: string, values: readonly string[]): HTMLElement {
    const options = values.map((value) =>
      element(
        "option",
        { attributes: { value, selected: this.#store.view[key] === value ? "" : undefined } },
        value,
      ),
    );
    const change = (event: Event) =>
      this.#store.set({ [key]: (event.target as HTMLSelectElement).value } as Partial<View>);
    return element(
      "select",
      { title: label, on: { change }, attributes: { "aria-label": label } },
      ...options,
    );
  }

  #toggle<Key extends "axis" | "leak">(
    key: Key,
    on: View[Key],
    off: View[Key],
    text: string,
    title: string,
  ): HTMLElement {
    const is_on = this.#store.view[key] === on;
    const click = () => this.#store.set({ [key]: is_on ? off : on } as Partial<View>);
    return element("button", { title, on: { click }, attributes: { "aria-pressed": String(is_on) } }, text);
  }
}
