// The table of functions. Selecting one highlights its calls.

import { element } from "../dom.ts";
import { change, count, counted, duration, memory } from "../format.ts";
import type { Model } from "../model.ts";
import { split_name } from "../names.ts";
import { window_option } from "../scope.ts";
import { type Figure, type FunctionFigures, functions_in } from "../statistics.ts";
import type { Store } from "../store.ts";
import { is_whole } from "../window.ts";
import { type Column, figure_text, make_table } from "./table.ts";

export function functions_table(store: Store): HTMLElement {
  const { model, view } = store;
  return make_table({
    caption: "Functions in the visible window",
    columns: columns_of(store),
    rows: functions_in(model, view.window),
    text: ({ name }) => model.string(name),
    query: view.query,
    sort: view.sorts.functions ?? { column: "added", descending: true },
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, functions: sort } }),
    attributes: ({ name }) => ({ class: model.string(name) === view.selected ? "is_selected" : undefined }),
    empty:
      model.recording.functions.length > 0
        ? "No call of a function ran in this window."
        : "No functions were marked in this recording.",
  });
}

/** Divides by the number of calls. */
function per_call(figure: Figure, { calls }: FunctionFigures): Figure {
  if (figure.value === null || !calls.value) return { value: null, certainty: "exact" };
  const certainty =
    figure.certainty !== "exact" ? figure.certainty : calls.certainty === "exact" ? "exact" : "about";
  return { value: figure.value / calls.value, certainty };
}

function columns_of(store: Store): Column<FunctionFigures>[] {
  const { model, view } = store;
  const whole = is_whole(view.window, model.whole);
  const number = (
    key: string,
    title: string,
    hint: string,
    figure: (row: FunctionFigures) => Figure,
    text: (value: number) => string,
  ) =>
    ({
      key,
      title,
      hint,
      kind: "number",
      value: (row: FunctionFigures) => figure(row).value,
      cell: (row: FunctionFigures) => figure_text(figure(row), text),
    }) as Column<FunctionFigures>;
  return [
    {
      key: "function",
      title: "Function",
      kind: "text wide",
      value: ({ name }) => model.string(name),
      cell: ({ name }) => name_cell(store, model.string(name)),
    },
    number("calls", "Calls", "Calls that ran in the window", (row) => row.calls, count),
    number("time", "Time", "Time during which they ran", (row) => row.seconds, duration),
    number("mean", "Mean", "Time of one call", (row) => per_call(row.seconds, row), duration),
    number(
      "added",
      whole ? "Added" : "Grown",
      whole
        ? "What its calls added and what is still there"
        : "Sum of the growth of the calls that ran in the window",
      (row) => row.added,
      change,
    ),
    number("each", "Per call", "Growth divided by calls", (row) => per_call(row.added, row), change),
    number("peak", "Peak", "Largest memory of the process during a call", (row) => row.peak, memory),
  ];
}

function name_cell(store: Store, name: string): HTMLElement {
  const is_selected = store.view.selected === name;
  const click = () => store.set({ selected: is_selected ? null : name });
  return element(
    "button",
    { class: "pick", title: name, on: { click }, attributes: { "aria-pressed": String(is_selected) } },
    ...name_parts(name),
  );
}

/** The name of a function is more important than its module, which may be cut. */
function name_parts(name: string): (Node | string)[] {
  const [before, own] = split_name(name);
  if (!before) return [name];
  return [own, element("span", { class: "module" }, `  ${before.replace(/(\.|::)$/, "")}`)];
}

export function functions_notes(model: Model, whole: boolean): string[] {
  const { recording } = model;
  if (recording.functions.length === 0) return [];
  if (whole) {
    const are_bounds = recording.functions.some((one) => one.added_is_bound);
    const notes = [`These are the figures of mprofpp peak --func${window_option(model)}, of every call.`];
    const left_out = recording.functions_left_out ?? 0;
    if (left_out > 0) {
      const are = left_out === 1 ? "that added less is" : "that added less are";
      notes.push(`${counted(left_out, "function")} ${are} not in this page.`);
    }
    if (are_bounds) notes.push("≤: includes what other threads added.");
    return notes;
  }
  const notes = [
    "Calls that ran in the window count whole; PEAK is the largest reading at their starts and ends.",
  ];
  if (!recording.calls_complete) {
    notes.push(
      "≥: the page does not hold every call, so these figures cannot be computed exactly from it. " +
        "mprofpp peak --func -w can.",
    );
  }
  return notes;
}
