// The figures of a window. What the page does not hold exactly is marked, so that tables can say so.

import { type Calls, GROUPED, type Model, type Series } from "./model.ts";
import { first_at_least } from "./search.ts";
import type { Stroke, Window } from "./stroke.ts";
import { is_whole } from "./window.ts";

/** How a figure relates to the recording. */
export type Certainty = "exact" | "about" | "at least" | "at most";

export interface Figure {
  value: number | null;
  certainty: Certainty;
}

export const UNKNOWN: Figure = { value: null, certainty: "exact" };

export function exact(value: number | null): Figure {
  return { value, certainty: "exact" };
}

/** The highest or lowest point of a curve in a window. */
export interface Extreme {
  mib: number;
  at: number;
  /** It is where the line between two samples crosses an edge of the window. */
  is_between: boolean;
}

/** Returns the highest point of the curve in the window. */
export function peak_in(series: Series, window: Window): Extreme | undefined {
  return extreme_in(series, window, 1);
}

/** Returns the lowest point of the curve in the window. */
export function lowest_in(series: Series, window: Window): Extreme | undefined {
  return extreme_in(series, window, -1);
}

function extreme_in(series: Series, window: Window, sign: 1 | -1): Extreme | undefined {
  let best: Extreme | undefined;
  for (const stroke of strokes_in(series, window)) {
    // samples are first, so that they win over points of the same height
    for (const one of [...sample_extreme(stroke, window, sign), ...crossings(stroke, window)]) {
      if (!best || sign * one.mib > sign * best.mib) best = one;
    }
  }
  return best;
}

function sample_extreme(stroke: Stroke, window: Window, sign: 1 | -1): Extreme[] {
  const [begin, end] = stroke.range(window);
  if (begin >= end) return [];
  const [low, high] = stroke.extremes(begin, end);
  const mib = sign > 0 ? high : low;
  return [{ mib, at: stroke.t[stroke.v.indexOf(mib, begin)]!, is_between: false }];
}

/** Returns where a stroke crosses the edges of the window. A short window may have nothing else of it. */
function crossings(stroke: Stroke, { from, to }: Window): Extreme[] {
  const edges = from < to ? [from, to] : [from];
  return edges
    .filter((at) => stroke.first < at && at < stroke.last)
    .map((at) => ({ mib: stroke.at(at)!, at, is_between: true }));
}

/** Returns how certain a point of the curve is as its highest one. */
export function peak_certainty(series: Series, window: Window, peak: Extreme): Certainty {
  if (peak.is_between) return "about";
  return is_exact_peak(series, window, peak.mib) ? "exact" : "at least";
}

/** Returns whether a peak of the window is exact. Samples that a thinned series has lost are in columns whose
 * highest sample it has, so only a higher one just outside of the window leaves a doubt. */
function is_exact_peak(series: Series, window: Window, mib: number): boolean {
  if (series.column === 0) return true;
  const around = { from: window.from - series.column, to: window.to + series.column };
  return strokes_in(series, around).every((stroke) =>
    sample_extreme(stroke, around, 1).every((one) => one.mib <= mib),
  );
}

/** Returns the mean over time of a curve in the window; nothing if it has no length there. The steps at the
 * edges count with the part that is in the window. */
export function mean_in(series: Series, window: Window): number | undefined {
  let area = 0;
  let length = 0;
  for (const stroke of strokes_in(series, window)) {
    const from = Math.max(window.from, stroke.first);
    const to = Math.min(window.to, stroke.last);
    if (from >= to) continue;
    area += area_of(stroke, from, to);
    length += to - from;
  }
  return length > 0 ? area / length : undefined;
}

/** Returns the area below a stroke between two times at which it has values. */
function area_of(stroke: Stroke, from: number, to: number): number {
  const [begin, end] = stroke.range({ from, to });
  let area = 0;
  let [t, v] = [from, stroke.at(from)!];
  const add = (next_t: number, next_v: number) => {
    area += ((next_t - t) * (next_v + v)) / 2;
    [t, v] = [next_t, next_v];
  };
  for (let i = begin; i < end; ++i) add(stroke.t[i]!, stroke.v[i]!);
  add(to, stroke.at(to)!);
  return area;
}

/** Returns the value of a curve at that time; nothing in a gap and outside of the curve. */
export function value_at(series: Series, time: number): number | undefined {
  for (const stroke of series.strokes) {
    if (stroke.first <= time && time <= stroke.last) return stroke.at(time);
  }
  return undefined;
}

/** Returns the strokes that may have a sample in the window. */
export function strokes_in(series: Series, window: Window): Stroke[] {
  const { strokes } = series;
  let begin = 0;
  let end = strokes.length;
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if (strokes[middle]!.last < window.from) begin = middle + 1;
    else end = middle;
  }
  const found: Stroke[] = [];
  for (let i = begin; i < strokes.length && strokes[i]!.first <= window.to; ++i) found.push(strokes[i]!);
  return found;
}

/** Returns the times without samples that begin or end in the window. */
export function gaps_in(series: Series, window: Window): Window[] {
  const gaps: Window[] = [];
  for (let i = 1; i < series.strokes.length; ++i) {
    const gap = { from: series.strokes[i - 1]!.last, to: series.strokes[i]!.first };
    if (gap.from <= window.to && gap.to >= window.from) gaps.push(gap);
  }
  return gaps;
}

export interface FunctionFigures {
  /** The index of its name. */
  name: number;
  calls: Figure;
  seconds: Figure;
  added: Figure;
  largest: Figure;
  peak: Figure;
}

/** Returns the figures of all functions in the window, those that the recorder computed if it is the
 * whole. */
export function functions_in(model: Model, window: Window): FunctionFigures[] {
  return is_whole(window, model.whole) ? whole_functions(model) : window_functions(model, window);
}

function whole_functions(model: Model): FunctionFigures[] {
  return model.recording.functions.map((one) => ({
    name: one.name,
    calls: { value: one.calls, certainty: one.estimated ? "about" : "exact" },
    seconds: { value: one.seconds, certainty: one.estimated ? "about" : "exact" },
    added: { value: one.added_mib, certainty: one.added_is_bound ? "at most" : "exact" },
    largest: exact(one.largest_mib),
    peak: exact(one.peak_mib),
  }));
}

interface Sum {
  calls: number;
  seconds: number;
  grown: number;
  largest: number;
  peak: number;
  is_estimate: boolean;
}

function window_functions(model: Model, window: Window): FunctionFigures[] {
  const sums = sum_calls(model.calls, window);
  const complete = model.recording.calls_complete;
  return [...sums].map(([name, sum]) => {
    const counted: Certainty = sum.is_estimate ? "about" : complete ? "exact" : "at least";
    return {
      name,
      calls: { value: sum.calls, certainty: counted },
      seconds: { value: sum.seconds, certainty: counted },
      added: { value: known(sum.grown), certainty: complete && !sum.is_estimate ? "exact" : "about" },
      largest: { value: known(sum.largest), certainty: complete ? "exact" : "at least" },
      peak: { value: known(sum.peak), certainty: "at least" },
    };
  });
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Sums the calls that ran in the window. Of a group that reaches out of it, a part in proportion counts. */
function sum_calls(calls: Calls, window: Window): Map<number, Sum> {
  const sums = new Map<number, Sum>();
  // the end of the outermost call of a function in a lane: growth of a call within it is its growth too
  const outermost = new Map<number, number>();
  const end = first_at_least(calls.t0, window.to);
  for (let i = 0; i < end; ++i) {
    if (calls.t1[i]! < window.from) continue;
    const key = calls.lane[i]! * 65536 + calls.name[i]!;
    const is_nested = calls.t0[i]! < (outermost.get(key) ?? Number.NEGATIVE_INFINITY);
    if (!is_nested) outermost.set(key, calls.t1[i]!);
    add_call(sum_of(sums, calls.name[i]!), calls, i, share_in(calls, i, window), is_nested);
  }
  return sums;
}

function sum_of(sums: Map<number, Sum>, name: number): Sum {
  let sum = sums.get(name);
  if (!sum) {
    const lowest = Number.NEGATIVE_INFINITY;
    sum = { calls: 0, seconds: 0, grown: 0, largest: lowest, peak: lowest, is_estimate: false };
    sums.set(name, sum);
  }
  return sum;
}

function share_in(calls: Calls, i: number, window: Window): number {
  if ((calls.flags[i]! & GROUPED) === 0) return 1;
  const length = calls.t1[i]! - calls.t0[i]!;
  const within = Math.min(calls.t1[i]!, window.to) - Math.max(calls.t0[i]!, window.from);
  return length > 0 ? Math.min(1, within / length) : 1;
}

function add_call(sum: Sum, calls: Calls, i: number, share: number, is_nested: boolean): void {
  sum.calls += (calls.count[i]! || 1) * share;
  sum.seconds += calls.active[i]! * share;
  if (share < 1) sum.is_estimate = true;
  const grown = calls.grown[i]!;
  if (!Number.isNaN(grown)) {
    if (!is_nested) sum.grown += grown * share;
    if ((calls.flags[i]! & GROUPED) === 0) sum.largest = Math.max(sum.largest, grown);
  }
  if (calls.rss0[i]! > sum.peak) sum.peak = calls.rss0[i]!;
  if (calls.rss1[i]! > sum.peak) sum.peak = calls.rss1[i]!;
}
