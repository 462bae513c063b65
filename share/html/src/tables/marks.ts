// The tables of marks, of what was lost, and of the values of the curves in steps.

import { element } from "../dom.ts";
import { count, counted, duration, memory, time } from "../format.ts";
import type { Model } from "../model.ts";
import type { Mark } from "../recording.ts";
import { type Figure, gaps_in, lowest_in, peak_certainty, peak_in, UNKNOWN } from "../statistics.ts";
import type { Store } from "../store.ts";
import type { Window } from "../stroke.ts";
import { figure_text, make_table } from "./table.ts";

export function marks_table(store: Store): HTMLElement {
  const { model, view } = store;
  const { from, to } = view.window;
  const length = to - from;
  const process = (mark: Mark) => (mark.process === null ? "" : model.label(mark.process));
  const jump = (at: number) => () => store.go({ from: at - length / 10, to: at + length / 10 });
  return make_table<Mark>({
    caption: "Marks in the visible window",
    columns: [
      {
        key: "text",
        title: "Mark",
        kind: "text wide",
        value: ({ text }) => text,
        cell: ({ text, at }) =>
          element("button", { class: "pick", title: text, on: { click: jump(at) } }, text || "(no text)"),
      },
      { key: "at", title: "Time", kind: "number", value: ({ at }) => at, cell: ({ at }) => time(at, length) },
      { key: "process", title: "Process", kind: "text", value: process, cell: process },
    ],
    rows: model.recording.marks.filter(({ at }) => at >= from && at <= to),
    text: (mark) => `${mark.text} ${process(mark)}`,
    query: view.query,
    sort: view.sorts.marks,
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, marks: sort } }),
    empty:
      model.recording.marks.length > 0 || model.recording.window
        ? "No mark is in this window."
        : "The recording has no marks.",
  });
}

export function marks_notes({ recording }: Model): string[] {
  const left_out = recording.marks_left_out ?? 0;
  return left_out > 0
    ? [`${counted(left_out, "later mark")} ${left_out === 1 ? "is" : "are"} not in this page.`]
    : [];
}

interface Loss {
  what: string;
  amount: string;
  size: number;
  meaning: string;
}

export function losses_table(store: Store): HTMLElement {
  const { model, view } = store;
  return make_table<Loss>({
    caption: "What was lost",
    columns: [
      { key: "what", title: "Lost", kind: "text", value: ({ what }) => what, cell: ({ what }) => what },
      {
        key: "amount",
        title: "Amount",
        kind: "number",
        value: ({ size }) => size,
        cell: ({ amount }) => amount,
      },
      {
        key: "meaning",
        title: "Meaning",
        kind: "text",
        value: ({ meaning }) => meaning,
        cell: ({ meaning }) => meaning,
      },
    ],
    rows: [...recorded_losses(model), ...page_losses(model), ...gaps(model, view.window, view.metric)],
    text: ({ what, meaning }) => `${what} ${meaning}`,
    query: view.query,
    sort: view.sorts.losses,
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, losses: sort } }),
    empty: "Nothing was lost, and the page holds every sample and every call.",
  });
}

function recorded_losses({ recording }: Model): Loss[] {
  const { losses } = recording;
  const rows: [string, number | null, (value: number) => string, string][] = [
    ["ticks", losses.ticks, count, "rounds of readings that were too late and were left out"],
    ["marks", losses.marks, count, "starts and ends of calls that did not fit into their ring"],
    ["processes", losses.processes, count, "processes that were too short or too many to be read"],
    ["object counts", losses.censuses, count, "times at which the objects of a process could not be counted"],
    ["suspended", losses.suspended_s, duration, "time in which the machine or the recorder was suspended"],
    ["small changes", losses.change_mib, memory, "changes up to this size were left out on request"],
    ["damaged lines", losses.damaged_lines, count, "lines of the file that could not be read"],
  ];
  return rows
    .filter(([, value]) => value)
    .map(([what, value, text, meaning]) => ({
      what,
      amount: text(value!),
      size: value!,
      meaning: `in the whole recording: ${meaning}`,
    }));
}

/** What the recording has and the page has not. */
function page_losses(model: Model): Loss[] {
  const { recording } = model;
  const rows: Loss[] = [];
  const left_out = model.lanes.reduce((sum, lane) => sum + lane.left_out, 0);
  if (left_out > 0) {
    const meaning = "not in this page: the shortest calls with the least growth; the recording has them";
    rows.push({ what: "calls", amount: count(left_out), size: left_out, meaning });
  }
  for (const what of ["marks", "processes", "titles", "functions", "lines", "events"] as const) {
    const size = recording[`${what}_left_out`] ?? 0;
    if (size > 0)
      rows.push({ what, amount: count(size), size, meaning: "not in this page; the recording has them" });
  }
  if (recording.resolution.kind === "columns") {
    const seconds = recording.resolution.seconds ?? 0;
    const meaning =
      "of each such column of time, the page has the first, last, lowest and highest sample, so every spike";
    rows.push({ what: "resolution", amount: duration(seconds), size: seconds, meaning });
  }
  return rows;
}

function gaps(model: Model, window: Window, metric: string): Loss[] {
  const total = model.curve(null, metric);
  return (total ? gaps_in(total, window) : []).map(({ from, to }) => ({
    what: "gap",
    amount: duration(to - from),
    size: to - from,
    meaning: `in the visible window: no sample from ${duration(from)} to ${duration(to)}`,
  }));
}

const STEPS = 24;

interface Step {
  from: number;
  low: Figure;
  high: Figure;
}

/** The curve of the total as numbers: what the picture shows, for those who cannot see it. */
export function values_table(store: Store): HTMLElement {
  const { model, view } = store;
  const { from, to } = view.window;
  const length = (to - from) / STEPS;
  const rows = Array.from({ length: STEPS }, (_, i) =>
    step_of(store, from + i * length, from + (i + 1) * length),
  );
  const column = (key: "low" | "high", title: string) =>
    ({
      key,
      title,
      kind: "number",
      value: (row: Step) => row[key].value,
      cell: (row: Step) => figure_text(row[key], memory),
    }) as const;
  const start = (row: Step) => time(row.from, to - from);
  return make_table<Step>({
    caption: "Total memory in the visible window, in steps of the same length",
    columns: [
      { key: "from", title: "From", kind: "number", value: (row) => row.from, cell: start },
      column("low", "Lowest"),
      column("high", "Highest"),
    ],
    rows,
    text: (row) => `${start(row)} ${memory(row.high.value)}`,
    query: view.query,
    sort: view.sorts.values,
    on_sort: (sort) => store.set({ sorts: { ...view.sorts, values: sort } }),
    empty: `${counted(model.recording.samples, "sample")}, and none in this window.`,
  });
}

function step_of({ model, view }: Store, from: number, to: number): Step {
  const series = model.curve(null, view.metric) ?? model.series[0];
  const window = { from, to };
  const peak = series && peak_in(series, window);
  const low = series && lowest_in(series, window);
  if (!series || !peak || !low) return { from, low: UNKNOWN, high: UNKNOWN };
  return {
    from,
    low: { value: low.mib, certainty: low.is_between ? "about" : "exact" },
    high: { value: peak.mib, certainty: peak_certainty(series, window, peak) },
  };
}
