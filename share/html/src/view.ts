// What is shown, as a value, and as the text behind the # of the address. That text may come from anybody:
// everything in it that does not make sense for this recording is ignored.

import type { Model } from "./model.ts";
import type { Window } from "./stroke.ts";
import { clamp, is_whole } from "./window.ts";

export const TABS = ["processes", "functions", "marks", "leak", "lines", "values", "losses"] as const;
export type Tab = (typeof TABS)[number];
export const COLOURS = ["process", "function", "growth"] as const;
export type Colouring = (typeof COLOURS)[number];
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Sort {
  column: string;
  descending: boolean;
}

export interface View {
  window: Window;
  metric: string;
  /** The processes without a curve and without lanes. */
  hidden: ReadonlySet<number>;
  /** The processes whose lanes are one thin row. */
  collapsed: ReadonlySet<number>;
  /** The processes of which all rows of calls are shown, however many they are. */
  unfolded: ReadonlySet<number>;
  /** Rows of calls that are thin, and those that are not shown. */
  folded_lanes: ReadonlySet<number>;
  hidden_lanes: ReadonlySet<number>;
  total: "shown" | "hidden";
  /** The curve of the PSS next to that of the RSS. */
  also: "shown" | "hidden";
  tab: Tab;
  sorts: Partial<Record<Tab, Sort>>;
  query: string;
  /** The name of the function whose calls are highlighted. */
  selected: string | null;
  colouring: Colouring;
  theme: Theme;
  /** The memory axis starts at zero, or fits what is visible. */
  axis: "zero" | "fit";
  leak: "shown" | "hidden";
}

const LONGEST_TEXT = 1000;

export function initial_view(model: Model): View {
  const { recording } = model;
  const curves = model.series.filter((one) => one.process !== null && one.metric === first_metric(model));
  return {
    window: model.whole,
    metric: first_metric(model),
    hidden: new Set(),
    collapsed: new Set(),
    unfolded: new Set(),
    folded_lanes: new Set(),
    hidden_lanes: new Set(),
    total: "shown",
    also: "shown",
    tab: model.processes.length === 0 && model.calls.n > 0 ? "functions" : "processes",
    sorts: {},
    query: "",
    selected: null,
    colouring: curves.length > 1 ? "process" : "function",
    theme: "auto",
    axis: starts_high(model) ? "fit" : "zero",
    leak: recording.leak?.verdict === "leak" ? "shown" : "hidden",
  };
}

function first_metric({ recording, series }: Model): string {
  const { shown, metric } = recording;
  return shown !== undefined && series.some((one) => one.metric === shown) ? shown : metric;
}

/** Returns whether all curves lie in the upper quarter of an axis that starts at zero, as in still
 * pictures. */
function starts_high(model: Model): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { metric, strokes } of model.series) {
    if (metric !== first_metric(model)) continue;
    for (const stroke of strokes) {
      stroke.scan(0, stroke.v.length);
      low = Math.min(low, stroke.low);
      high = Math.max(high, stroke.high);
    }
  }
  return low >= 0.75 * high && low < high;
}

/** Returns the text for the hash; it is empty if nothing differs from the initial view. */
export function to_hash(view: View, model: Model): string {
  const first = initial_view(model);
  const parts: string[] = [];
  const add = (key: string, value: string) => parts.push(`${key}=${encodeURIComponent(value)}`);
  if (!is_whole(view.window, model.whole)) add("t", `${number(view.window.from)},${number(view.window.to)}`);
  if (view.hidden.size > 0) add("hide", ranges(view.hidden));
  if (view.collapsed.size > 0) add("fold", ranges(view.collapsed));
  if (view.unfolded.size > 0) add("all", ranges(new Set([...view.unfolded].map((one) => one + 1))));
  if (view.folded_lanes.size > 0) add("thin", ranges(view.folded_lanes));
  if (view.hidden_lanes.size > 0) add("without", ranges(view.hidden_lanes));
  for (const key of [
    "metric",
    "total",
    "also",
    "tab",
    "query",
    "colouring",
    "theme",
    "axis",
    "leak",
  ] as const) {
    if (view[key] !== first[key]) add(key, view[key]);
  }
  if (view.selected !== null) add("function", view.selected);
  for (const [tab, sort] of Object.entries(view.sorts)) {
    add(`sort.${tab}`, (sort.descending ? "-" : "") + sort.column);
  }
  return parts.join("&").replaceAll("%2C", ",").replaceAll("%20", "+");
}

/** Returns the view that a hash describes. */
export function from_hash(hash: string, model: Model): View {
  const given = new Map<string, string>();
  for (const part of hash.replace(/^#/, "").slice(0, 20000).split("&")) {
    const [key, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    if (key) given.set(key, decoded(value));
  }
  const view = initial_view(model);
  const one_of = <T extends string>(key: string, values: readonly T[], otherwise: T) =>
    values.find((value) => value === given.get(key)) ?? otherwise;
  const n = model.processes.length;
  return {
    window: window_of(given.get("t"), model) ?? view.window,
    metric: one_of("metric", model.recording.metrics, view.metric),
    hidden: indices(given.get("hide"), n),
    collapsed: indices(given.get("fold"), n),
    unfolded: new Set([...indices(given.get("all"), n + 1)].map((one) => one - 1)),
    folded_lanes: indices(given.get("thin"), model.tracks.length),
    hidden_lanes: indices(given.get("without"), model.tracks.length),
    total: one_of("total", ["shown", "hidden"], view.total),
    also: one_of("also", ["shown", "hidden"], view.also),
    tab: one_of("tab", TABS, view.tab),
    sorts: sorts_of(given),
    query: (given.get("query") ?? "").slice(0, LONGEST_TEXT),
    selected: function_of(given.get("function"), model),
    colouring: one_of("colouring", COLOURS, view.colouring),
    theme: one_of("theme", THEMES, view.theme),
    axis: one_of("axis", ["zero", "fit"], view.axis),
    leak: one_of("leak", ["shown", "hidden"], view.leak),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return "";
  }
}

/** Six decimals are the microseconds that a recording has. */
function number(value: number): string {
  return String(Number(value.toFixed(6)));
}

function window_of(text: string | undefined, model: Model): Window | undefined {
  const match = /^(-?\d{1,12}(?:\.\d{1,9})?),(-?\d{1,12}(?:\.\d{1,9})?)$/.exec(text ?? "");
  if (!match) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2])];
  return from < to ? clamp({ from, to }, model.whole) : undefined;
}

/** Returns {0, 1, 2, 5} as "0-2,5". */
export function ranges(set: ReadonlySet<number>): string {
  const sorted = [...set].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (sorted[end + 1] === sorted[end]! + 1) ++end;
    parts.push(end > i ? `${sorted[i]}-${sorted[end]}` : `${sorted[i]}`);
    i = end + 1;
  }
  return parts.join(",");
}

/** Returns the indices below `n` that a text such as "0-2,5" has. */
export function indices(text: string | undefined, n: number): Set<number> {
  const set = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part);
    if (!match) continue;
    const last = Math.min(Number(match[2] ?? match[1]), n - 1);
    for (let i = Number(match[1]); i <= last; ++i) set.add(i);
  }
  return set;
}

function sorts_of(given: ReadonlyMap<string, string>): View["sorts"] {
  const sorts: View["sorts"] = {};
  for (const tab of TABS) {
    const match = /^(-?)([a-z_]{1,20})$/.exec(given.get(`sort.${tab}`) ?? "");
    if (match) sorts[tab] = { column: match[2]!, descending: match[1] === "-" };
  }
  return sorts;
}

function function_of(name: string | undefined, model: Model): string | null {
  if (name === undefined) return null;
  return model.recording.functions.some((one) => model.string(one.name) === name) ? name : null;
}
