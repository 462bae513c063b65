// The row above the chart: the legend, whose entries hide curves, and the switches of the picture.

import type { Chart, Curve } from "./chart.ts";
import { element, focus_in } from "./dom.ts";
import { count } from "./format.ts";
import { name_of, swatch } from "./readout.ts";
import type { Store } from "./store.ts";
import { COLOURS, THEMES, type View } from "./view.ts";
import { is_whole } from "./window.ts";

const MOST_ENTRIES = 5;

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

  draw(): void {
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
    const shown = curves.length > MOST_ENTRIES + 1 ? curves.slice(0, MOST_ENTRIES) : curves;
    const rest = curves.length - shown.length;
    const more = element(
      "button",
      { class: "entry", on: { click: () => this.#store.set({ tab: "processes" }) } },
      `+${count(rest)} more`,
    );
    this.#legend.replaceChildren(...shown.map((curve) => this.#entry(curve)), ...(rest > 0 ? [more] : []));
  }

  #entry(curve: Curve): HTMLElement {
    const { view, model } = this.#store;
    const process = curve.series.process;
    const is_on =
      curve.kind === "also"
        ? view.also === "shown"
        : curve.kind === "total"
          ? view.total === "shown"
          : !view.hidden.has(process!);
    const name = name_of(curve, model);
    const toggle = (event: Event) => {
      if (curve.kind === "also") this.#store.set({ also: is_on ? "hidden" : "shown" });
      else if ((event as MouseEvent).altKey) this.#store.solo(process);
      else this.#store.toggle(process);
    };
    return element(
      "button",
      {
        class: "entry",
        title: `${is_on ? "Hide" : "Show"} ${name}. Alt+click or double click: only this one`,
        attributes: { "aria-pressed": String(is_on) },
        on: { click: toggle, dblclick: () => curve.kind !== "also" && this.#store.solo(process) },
      },
      swatch(this.#chart.colour(curve)),
      ...entry_parts(name, curve.kind === "process" ? model.processes[process!]!.pid : null),
    );
  }

  #draw_switches(): void {
    const { model } = this.#store;
    const { recording } = model;
    const has_leak =
      recording.leak !== null && (recording.leak.floors.length > 0 || recording.leak.line !== null);
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
