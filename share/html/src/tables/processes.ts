// The table of processes: the tree, with the figures of the visible window.

import { colour_of, type Look, type Palette } from "../colours.ts";
import { element } from "../dom.ts";
import { counted, duration, memory } from "../format.ts";
import type { Model, Process, Series } from "../model.ts";
import { exact, type Figure, mean_in, peak_certainty, peak_in, UNKNOWN, value_at } from "../statistics.ts";
import type { Store } from "../store.ts";
import { around, is_whole } from "../window.ts";
import { type Column, figure_text, make_table } from "./table.ts";

interface Row {
  /** Null is the total. */
  process: Process | null;
  peak: Figure & { at: number | null };
  mean: Figure;
}

export function processes_table(store: Store, looks: Look[], palette: Palette): HTMLElement {
  const { model, view } = store;
  const is_tree = view.sorts.processes === undefined;
  return make_table({
    caption: "Processes in the visible window",
    columns: columns_of(store, looks, palette, is_tree),
    first: total_row(store),
    rows: model.tree.map((index) => row_of(store, model.processes[index]!)),
    text: ({ process }) => (process ? searched_text(process) : "total"),
    query: view.query,
    sort: view.sorts.processes,
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, processes: sort } }),
    attributes: ({ process, peak }) => ({
      "data-process": String(process?.index ?? ""),
      class: !is_shown(store, process) ? "is_hidden" : peak.value === null ? "is_away" : undefined,
    }),
    empty: "The recording names no processes: it has the total only.",
  });
}

function searched_text({ pid, name, command, titles }: Process): string {
  return [pid, name, command, ...titles.map(({ text }) => text)].join(" ");
}

function is_shown({ view }: Store, process: Process | null): boolean {
  return process === null ? view.total === "shown" : !view.hidden.has(process.index);
}

/** Returns whether the window has figures that the recorder computed. */
function has_own_figures({ model, view }: Store): boolean {
  return view.metric === model.recording.metric && is_whole(view.window, model.whole);
}

function total_row(store: Store): Row | undefined {
  const { model, view } = store;
  const { peak, statistics } = model.recording;
  const total = model.curve(null, view.metric);
  if (!total) return undefined;
  if (!has_own_figures(store) || !peak) return curve_row(store, null, total);
  const certainty = peak.at_least ? "at least" : "exact";
  return {
    process: null,
    peak: { value: peak.mib, certainty, at: peak.at },
    mean: exact(statistics?.mean_mib ?? null),
  };
}

function row_of(store: Store, process: Process): Row {
  if (has_own_figures(store)) {
    return {
      process,
      peak: { ...exact(process.peak?.mib ?? null), at: process.peak?.at ?? null },
      mean: exact(process.mean),
    };
  }
  const series = store.model.curve(process.index, store.view.metric);
  if (!series) return { process, peak: { ...UNKNOWN, at: null }, mean: UNKNOWN };
  return curve_row(store, process, series);
}

/** Computes the figures of the window from a curve. */
function curve_row({ view }: Store, process: Process | null, series: Series): Row {
  const peak = peak_in(series, view.window);
  const certainty = peak ? peak_certainty(series, view.window, peak) : "exact";
  return {
    process,
    peak: { value: peak?.mib ?? null, certainty, at: peak?.at ?? null },
    mean: { value: mean_in(series, view.window) ?? null, certainty: "about" },
  };
}

function columns_of(store: Store, looks: Look[], palette: Palette, is_tree: boolean): Column<Row>[] {
  const number = (
    key: string,
    title: string,
    hint: string,
    value: Column<Row>["value"],
    cell: Column<Row>["cell"],
  ) => ({ key, title, hint, kind: "number", value, cell }) as Column<Row>;
  return [
    {
      key: "process",
      title: "Process",
      hint: "Sort by name; a third click shows the tree again",
      kind: "text wide",
      value: ({ process }) => process?.name ?? null,
      cell: ({ process }) => {
        if (!process) return name_cell(store, null, palette.ink);
        const cell = name_cell(store, process, colour_of(looks[process.index]!, palette));
        if (is_tree) cell.style.paddingLeft = `${Math.min(process.depth, 8) * 12}px`;
        return cell;
      },
    },
    number(
      "peak",
      "Peak",
      "Highest value of the curve",
      ({ peak }) => peak.value,
      (row) => peak_cell(store, row),
    ),
    number(
      "mean",
      "Mean",
      "Mean over time",
      ({ mean }) => mean.value,
      ({ mean }) => figure_text(mean, memory),
    ),
    {
      key: "now",
      title: "Cursor",
      hint: "Value at the crosshair",
      kind: "number cursor",
      value: ({ process }) => cursor_value(store, process?.index ?? null),
      cell: ({ process }) => cursor_text(store, process?.index ?? null),
    },
    number(
      "first",
      "First",
      "When it was first seen in the recording, in or outside of the window",
      ({ process }) => process?.first ?? null,
      ({ process }) => (process ? duration(process.first) : ""),
    ),
    number(
      "last",
      "Last",
      "When it was last seen in the recording, in or outside of the window",
      ({ process }) => process?.last ?? null,
      ({ process }) => (process ? last_text(process) : ""),
    ),
  ];
}

function last_text({ last, exit }: Process): string {
  const status = exit?.status;
  return status === undefined || status === null || status === 0
    ? duration(last)
    : `${duration(last)} (${status})`;
}

function name_cell(store: Store, process: Process | null, colour: string): HTMLElement {
  const index = process?.index ?? null;
  const label = process ? `${process.name} ${process.pid}` : "total";
  const shown = is_shown(store, process);
  const box = element("span", { class: "eye_box" });
  box.style.borderColor = colour;
  if (shown) box.style.background = colour;
  const eye = element(
    "button",
    {
      class: "eye",
      title: shown ? "Hide (Shift+click: show only this one)" : "Show",
      attributes: { "aria-pressed": String(shown), "aria-label": `Show ${label}` },
      on: {
        click: (event) => ((event as MouseEvent).shiftKey ? store.solo(index) : store.toggle(index)),
      },
    },
    box,
  );
  const solo = element(
    "button",
    {
      class: "only",
      title: `Show only ${process ? "this process" : "the total"}; again: all`,
      attributes: { "aria-label": `Show only ${label}` },
      on: { click: () => store.solo(index) },
    },
    "only",
  );
  return element("div", { class: "name_cell" }, eye, name_text(process), solo);
}

function name_text(process: Process | null): HTMLElement {
  if (!process) return element("span", { class: "name" }, "total");
  const pid = String(process.pid);
  const name = process.name.replace(pid, "").trim() || process.name;
  return element(
    "span",
    { class: "name", title: process.command },
    element("span", { class: "pid" }, pid),
    ` ${name}`,
  );
}

function peak_cell(store: Store, { peak, process }: Row): HTMLElement | string {
  const text = figure_text(peak, memory);
  // the kernel's peak may have been at any time of the process, so it says nothing of a part
  const kernel = is_whole(store.view.window, store.model.whole) ? process?.peak?.kernel_mib : null;
  const title = kernel ? `The kernel's peak of its whole life: ${memory(kernel)}` : undefined;
  if (peak.at === null || peak.value === null) {
    // a process that was too short for a sample still has the kernel's peak
    return kernel ? element("span", { title }, `kernel ${memory(kernel)}`) : text;
  }
  const at = peak.at;
  const length = store.view.window.to - store.view.window.from;
  const click = () => store.go(around(at - length / 10, at + length / 10));
  return element("button", { class: "jump", title: title ?? "Zoom to this peak", on: { click } }, text);
}

function cursor_value({ model, view, cursor }: Store, process: number | null): number | null {
  const series = cursor.time === null ? undefined : model.curve(process, view.metric);
  return series ? (value_at(series, cursor.time!) ?? null) : null;
}

function cursor_text(store: Store, process: number | null): string {
  return store.cursor.time === null ? "" : memory(cursor_value(store, process));
}

/** Writes the values at the crosshair into a table that is shown already. */
export function update_cursor(host: HTMLElement, store: Store): void {
  for (const row of host.querySelectorAll<HTMLElement>("tr[data-process]")) {
    const cell = row.children[3];
    const { process } = row.dataset;
    const text = cursor_text(store, process ? Number(process) : null);
    if (cell && cell.textContent !== text) cell.textContent = text;
  }
}

export function processes_notes({ recording }: Model): string[] {
  const left_out = recording.processes_left_out ?? 0;
  if (left_out === 0) return [];
  const are = left_out === 1 ? "is" : "are";
  return [`${counted(left_out, "process")} with lower peaks ${are} not in this page; the total has them.`];
}
