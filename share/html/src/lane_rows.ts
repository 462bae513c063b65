// The rows below the chart: one for each process, and under it one for each of its tracks.

import type { Model } from "./model.ts";
import type { Track } from "./tracks.ts";
import type { View } from "./view.ts";

// fingers need larger boxes than a mouse
const is_touched = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
export const BOX = is_touched ? 24 : 16;
/** The height of a row of calls without its space, if it is folded. */
export const THIN = is_touched ? 20 : 6;
const HEADER = is_touched ? 28 : 22;
const NOTE = 14;
const SPACE = 5;
/** A process has at most so many rows of calls until more are asked for; one more if that shows all. */
const MOST_TRACKS = 20;

export type Row = ProcessRow | LaneRow | RestRow;

export interface ProcessRow {
  kind: "process";
  /** Null has the lanes of which the process is unknown. */
  process: number | null;
  tracks: number[];
  /** How many of them are hidden. */
  hidden: number;
  folded: boolean;
  top: number;
  height: number;
}

export interface LaneRow {
  kind: "lane";
  track: number;
  process: number | null;
  folded: boolean;
  levels: number;
  top: number;
  height: number;
  /** Calls that are not in the page. */
  left_out: number;
}

/** The tracks of a process that are not shown, in one row. */
export interface RestRow {
  kind: "rest";
  process: number | null;
  tracks: number[];
  text: string;
  top: number;
  height: number;
}

/** Returns the rows of the view from top to bottom. Hidden processes have none. */
export function rows_of(model: Model, view: View): Row[] {
  const tracks_of = tracks_by_process(model);
  const rows: Row[] = [];
  let top = 0;
  const add = (row: Row) => {
    rows.push(row);
    top += row.height;
  };
  const owners: (number | null)[] = model.tree.filter((index) => !view.hidden.has(index));
  if (tracks_of.has(null)) owners.push(null);
  for (const process of owners) {
    const all = tracks_of.get(process) ?? [];
    const tracks = all.filter((track) => !view.hidden_lanes.has(track));
    const folded = process !== null && view.collapsed.has(process);
    const hidden = all.length - tracks.length;
    add({ kind: "process", process, tracks, hidden, folded, top, height: HEADER });
    if (folded) continue;
    const shows_all = tracks.length <= MOST_TRACKS + 1 || view.unfolded.has(key_of(process));
    const shown = shows_all ? tracks : tracks.slice(0, MOST_TRACKS);
    for (const track of shown) add(lane_row(model, view, track, process, top));
    if (shown.length < tracks.length) add(rest_row(model, tracks.slice(shown.length), process, top));
  }
  return rows;
}

/** The number of a process in View.unfolded; the lanes of which the process is unknown have -1. */
export function key_of(process: number | null): number {
  return process ?? -1;
}

function tracks_by_process(model: Model): Map<number | null, number[]> {
  const tracks_of = new Map<number | null, number[]>();
  model.tracks.forEach(({ process }, track) => {
    const owner = process !== null && model.processes[process] ? process : null;
    const known = tracks_of.get(owner);
    if (known) known.push(track);
    else tracks_of.set(owner, [track]);
  });
  return tracks_of;
}

function lane_row(model: Model, view: View, track: number, process: number | null, top: number): LaneRow {
  const { levels, left_out } = model.tracks[track]!;
  const folded = view.folded_lanes.has(track);
  const shown = Math.min(Math.max(levels, 1), 500);
  const height = folded ? THIN + SPACE : shown * BOX + SPACE + (left_out > 0 ? NOTE : 0);
  return { kind: "lane", track, process, folded, levels: shown, top, height, left_out };
}

function rest_row(model: Model, rest: number[], process: number | null, top: number): RestRow {
  const text = rest_text(rest.map((track) => model.tracks[track]!));
  return { kind: "rest", process, tracks: rest, text, top, height: HEADER };
}

/** Returns "+312 more tasks": the lanes on none of the shown tracks, or else the number of tracks. */
export function rest_text(rest: readonly Track[]): string {
  const kinds = new Set(rest.map(({ kind }) => kind));
  const lanes = rest.reduce((sum, track) => sum + track.lanes, 0);
  const kind = [...kinds][0]!;
  const known = kinds.size === 1 && ["thread", "greenlet", "task"].includes(kind);
  const [count, what] = lanes > 0 ? [lanes, known ? kind : "lane"] : [rest.length, "row"];
  return `+${count.toLocaleString("en-US")} more ${what}${count === 1 ? "" : "s"}`;
}

export function height_of(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last ? last.top + last.height + SPACE : 0;
}

/** Returns the index of the row at a height, or of the nearest one above it. */
export function row_at(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.top <= y) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}
