// The box next to the pointer: the value of every curve at that time, or the details of a call.

import type { Chart, Curve } from "./chart.ts";
import { element } from "./dom.ts";
import { change, count, duration, memory, shorten, time } from "./format.ts";
import { GROUPED, type Model, OPEN, RAISED, REUSED } from "./model.ts";
import { value_at } from "./statistics.ts";
import type { Store } from "./store.ts";

const MOST_VALUES = 14;

/** Fills the box with the values of the curves at that time, the largest first. */
export function show_values(box: HTMLElement, store: Store, chart: Chart, at: number): void {
  const { view } = store;
  const values = chart
    .visible_curves()
    .map((curve) => ({ curve, value: value_at(curve.series, at) }))
    .filter((one): one is { curve: Curve; value: number } => one.value !== undefined)
    .sort((a, b) => rank(b.curve) - rank(a.curve) || b.value - a.value);
  const rows = values
    .slice(0, MOST_VALUES)
    .map(({ curve, value }) =>
      element(
        "tr",
        {},
        element("td", {}, swatch(chart.colour(curve))),
        element("td", { class: "readout_name" }, name_of(curve, store.model)),
        element("td", { class: "number" }, memory(value)),
      ),
    );
  const rest = values.length - rows.length;
  box.replaceChildren(
    element("p", { class: "readout_title" }, time(at, view.window.to - view.window.from)),
    element("table", {}, element("tbody", {}, ...rows)),
    ...(rest > 0 ? [note(`and ${count(rest)} more: the table of processes has all values`)] : []),
    ...(values.length === 0 ? [note("no sample here")] : []),
  );
}

function rank({ kind }: Curve): number {
  return kind === "total" ? 2 : kind === "also" ? 1 : 0;
}

export function name_of({ kind, series }: Curve, model: Model): string {
  if (kind === "total") return model.processes.length > 0 ? "total" : "memory";
  if (kind === "also") return `total in ${series.metric.toUpperCase()}`;
  return shorten(model.label(series.process), 44);
}

export function swatch(colour: string): HTMLElement {
  const made = element("span", { class: "swatch", attributes: { "aria-hidden": "true" } });
  made.style.background = colour;
  return made;
}

function note(text: string): HTMLElement {
  return element("p", { class: "readout_note" }, text);
}

/** Fills the box with the details of a call. */
export function show_call(box: HTMLElement, store: Store, call: number): void {
  const rows = call_rows(store, call).map(([name, value]) =>
    element("tr", {}, element("th", { attributes: { scope: "row" } }, name), element("td", {}, value)),
  );
  const title = shorten(store.model.string(store.model.calls.name[call]!), 90);
  box.replaceChildren(
    element("p", { class: "readout_title" }, title),
    element("table", {}, element("tbody", {}, ...rows)),
    ...call_notes(store.model, call).map(note),
  );
}

/** Returns the time of the crosshair and the memory there, for screen readers. */
export function cursor_text({ model, view, cursor }: Store): string {
  if (cursor.time === null) return "";
  const { from, to } = view.window;
  const series = model.curve(null, view.metric);
  const value = series && value_at(series, cursor.time);
  return `${time(cursor.time, to - from)}, ${value === undefined ? "no sample" : `total ${memory(value)}`}`;
}

/** Returns the details of a call as one sentence, for screen readers. */
export function call_text(store: Store, call: number): string {
  // the name of a lane may begin with its kind: a thread is not a "thread thread"
  const details = call_rows(store, call).map(([name, value]) =>
    value === name || value.startsWith(`${name} `) ? value : `${name} ${value}`,
  );
  return [
    store.model.string(store.model.calls.name[call]!),
    ...details,
    ...call_notes(store.model, call),
  ].join(", ");
}

function call_rows({ model, view }: Store, call: number): [string, string][] {
  const { calls } = model;
  const lane = model.lanes[calls.lane[call]!];
  const length = view.window.to - view.window.from;
  const elapsed = calls.t1[call]! - calls.t0[call]!;
  const is_group = (calls.flags[call]! & GROUPED) !== 0;
  const rows: [string, string][] = [
    ["process", shorten(model.label(calls.process[call]!), 60)],
    [
      ["thread", "greenlet", "task"].find((kind) => kind === lane?.kind) ?? "lane",
      shorten(lane?.name || "–", 40),
    ],
    ["start", time(calls.t0[call]!, Math.min(length, Math.max(elapsed, 1e-4) * 10))],
    [is_group ? "from first to last" : "duration", duration(elapsed)],
  ];
  if (is_group) rows.push(["calls", count(calls.count[call])]);
  if (Math.abs(calls.active[call]! - elapsed) > 1e-6) rows.push(["ran for", duration(calls.active[call]!)]);
  rows.push(["before", memory(calls.rss0[call])], ["after", memory(calls.rss1[call])]);
  rows.push(["growth", change(calls.grown[call])]);
  return rows;
}

function call_notes({ calls }: Model, call: number): string[] {
  const flags = calls.flags[call]!;
  const notes: string[] = [];
  if (flags & GROUPED) notes.push("many short calls, recorded as one group");
  if (flags & OPEN) notes.push("had not ended when the recording ended");
  if (flags & RAISED) notes.push("ended with an exception");
  if (flags & REUSED) notes.push("memory is that of a reading less than 10 µs older");
  return notes;
}

/** Places the box next to a point of the screen, where it does not cover it: to the right and below if it
 * fits there. */
export function place_box(box: HTMLElement, x: number, y: number): void {
  const { innerWidth, innerHeight } = window;
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = beside(x, width, innerWidth, 16);
  const top = beside(y, height, innerHeight, 18);
  // without space on any side of one direction, the other one keeps the point visible
  const within = (at: number, size: number, all: number) => Math.max(4, Math.min(at, all - size - 4));
  box.style.left = `${left ?? within(x + 16, width, innerWidth)}px`;
  box.style.top = `${top ?? within(y + 18, height, innerHeight)}px`;
}

/** Returns where something begins that is after the point, or else before it; nothing if neither fits. */
function beside(at: number, size: number, all: number, distance: number): number | undefined {
  if (at + distance + size <= all - 4) return at + distance;
  return at - distance - size >= 4 ? at - distance - size : undefined;
}
