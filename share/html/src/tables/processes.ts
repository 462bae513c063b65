// The table of processes: the tree, with the figures of the visible window.

import { colour_of, type Look, type Palette } from "../colours.ts";
import { element } from "../dom.ts";
import { duration, memory } from "../format.ts";
import type { Process } from "../model.ts";
import { exact, type Figure, is_exact_peak, mean_in, peak_in, UNKNOWN, value_at } from "../statistics.ts";
import type { Store } from "../store.ts";
import { around, is_whole } from "../window.ts";
import { type Column, figure_text, make_table } from "./table.ts";

interface Row {
  process: Process;
  peak: Figure & { at: number | null };
  mean: Figure;
}

export function processes_table(store: Store, looks: Look[], palette: Palette): HTMLElement {
  const { model, view } = store;
  const is_tree = view.sorts.processes === undefined;
  return make_table({
    caption: "Processes in the visible window",
    columns: columns_of(store, looks, palette, is_tree),
    rows: model.tree.map((index) => row_of(store, model.processes[index]!)),
    text: ({ process }) =>
      `${process.pid} ${process.name} ${process.command} ${process.titles.map(({ text }) => text).join(" ")}`,
    query: view.query,
    sort: view.sorts.processes,
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, processes: sort } }),
    attributes: ({ process, peak }) => ({
      "data-process": String(process.index),
      class: view.hidden.has(process.index) ? "is_hidden" : peak.value === null ? "is_away" : undefined,
    }),
    empty: "The recording names no processes: it has the total only.",
  });
}

function row_of({ model, view }: Store, process: Process): Row {
  const is_main = view.metric === model.recording.metric;
  if (is_main && is_whole(view.window, model.whole)) {
    return {
      process,
      peak: { ...exact(process.peak?.mib ?? null), at: process.peak?.at ?? null },
      mean: exact(process.mean),
    };
  }
  const series = model.curve(process.index, view.metric);
  if (!series) return { process, peak: { ...UNKNOWN, at: null }, mean: UNKNOWN };
  const peak = peak_in(series, view.window);
  const is_exact = !peak || is_exact_peak(series, view.window, peak.mib);
  return {
    process,
    peak: {
      value: peak?.mib ?? null,
      certainty: is_exact ? "exact" : "at least",
      at: peak?.at ?? null,
    },
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
      value: ({ process }) => process.name,
      cell: ({ process }) => name_cell(store, process, colour_of(looks[process.index]!, palette), is_tree),
    },
    number(
      "peak",
      "Peak",
      "Highest sample",
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
    number(
      "now",
      "Cursor",
      "Value at the crosshair",
      ({ process }) => cursor_value(store, process.index),
      ({ process }) => cursor_text(store, process.index),
    ),
    number(
      "first",
      "First",
      "When it was first seen",
      ({ process }) => process.first,
      ({ process }) => duration(process.first),
    ),
    number(
      "last",
      "Last",
      "When it was last seen",
      ({ process }) => process.last,
      ({ process }) => last_text(process),
    ),
  ];
}

function last_text({ last, exit }: Process): string {
  const status = exit?.status;
  return status === undefined || status === null || status === 0
    ? duration(last)
    : `${duration(last)} (${status})`;
}

function name_cell(store: Store, process: Process, colour: string, is_tree: boolean): HTMLElement {
  const { view } = store;
  const is_shown = !view.hidden.has(process.index);
  const pid = String(process.pid);
  const name = process.name.replace(pid, "").trim() || process.name;
  const swatch = element("button", {
    class: "eye",
    title: is_shown ? "Hide (Shift+click: show only this one)" : "Show",
    attributes: { "aria-pressed": String(is_shown), "aria-label": `Show ${process.name} ${pid}` },
    on: {
      click: (event) =>
        (event as MouseEvent).shiftKey ? store.solo(process.index) : store.toggle(process.index),
    },
  });
  swatch.style.borderColor = colour;
  if (is_shown) swatch.style.background = colour;
  const solo = element(
    "button",
    {
      class: "only",
      title: "Show only this process; again: all",
      attributes: { "aria-label": `Show only ${process.name} ${pid}` },
      on: { click: () => store.solo(process.index) },
    },
    "only",
  );
  const text = element(
    "span",
    { class: "name", title: process.command },
    element("span", { class: "pid" }, pid),
    ` ${name}`,
  );
  const cell = element("div", { class: "name_cell" }, swatch, text, solo);
  if (is_tree) cell.style.paddingLeft = `${Math.min(process.depth, 8) * 12}px`;
  return cell;
}

function peak_cell(store: Store, { peak, process }: Row): HTMLElement | string {
  const text = figure_text(peak, memory);
  const kernel = process.peak?.kernel_mib;
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

function cursor_value({ model, view, cursor }: Store, process: number): number | null {
  const series = cursor.time === null ? undefined : model.curve(process, view.metric);
  return series ? (value_at(series, cursor.time!) ?? null) : null;
}

function cursor_text(store: Store, process: number): string {
  return store.cursor.time === null ? "" : memory(cursor_value(store, process));
}

/** Writes the values at the crosshair into a table that is shown already. */
export function update_cursor(host: HTMLElement, store: Store): void {
  for (const row of host.querySelectorAll<HTMLElement>("tr[data-process]")) {
    const cell = row.children[3];
    const text = cursor_text(store, Number(row.dataset.process));
    if (cell && cell.textContent !== text) cell.textContent = text;
  }
}
