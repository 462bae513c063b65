// Decides which lanes share a row. Lanes that are never busy at the same time need one row, not one each: a
// server that starts a task for every request has thousands of lanes. Still pictures do the same.

import { Heap } from "./heap.ts";
import type { Calls } from "./model.ts";
import type { LaneData } from "./recording.ts";

/** A row of calls: a lane, or several of one kind and process that share it. */
export interface Track {
  process: number | null;
  kind: string;
  /** The name of its only lane, or of the first track of a group: "312 tasks". */
  name: string;
  levels: number;
  /** Calls of its lanes that are not in the page. The first track of a group has those of all its lanes. */
  left_out: number;
  /** The lanes whose first call in the page is on this track, and on none before it. */
  lanes: number;
  /** Where its group starts: a lane alone is its own group. */
  group: number;
}

export interface Tracks {
  tracks: Track[];
  /** The track of each call. */
  of_call: Uint32Array;
}

/** Calls of a lane that stay on one track. */
interface Period {
  lane: number;
  from: number;
  to: number;
}

// times have six decimals
const ROUNDING = 2e-6;
const PLURALS: Record<string, string> = { thread: "threads", greenlet: "greenlets", task: "tasks" };

/** Needs the pids of the processes, because the main thread of each, which keeps its row, has that number. */
export function share_tracks(calls: Calls, lanes: readonly LaneData[], pids: readonly number[]): Tracks {
  const { periods, of_call } = periods_of(calls, lanes);
  const tracks: Track[] = [];
  const of_period = new Uint32Array(periods.length);
  for (const group of groups_of(lanes, pids, periods)) {
    const own = group.lanes.length > 1 ? fill(group.periods, periods) : undefined;
    if (own && own.count < group.lanes.length) {
      group.periods.forEach((period, i) => {
        of_period[period] = tracks.length + own.track[i]!;
      });
      tracks.push(...shared(group, own, lanes, periods, tracks.length));
      continue;
    }
    const place = new Map(group.lanes.map((lane, i) => [lane, tracks.length + i]));
    for (const period of group.periods) of_period[period] = place.get(periods[period]!.lane)!;
    for (const lane of group.lanes) {
      const { process, kind, name, levels, left_out } = lanes[lane]!;
      tracks.push({ process, kind, name, levels, left_out, lanes: 1, group: place.get(group.lanes[0]!)! });
    }
  }
  for (let i = 0; i < calls.n; ++i) {
    of_call[i] = of_period[of_call[i]!]!;
    const track = tracks[of_call[i]!];
    if (track) track.levels = Math.max(track.levels, calls.level[i]! + 1);
  }
  return { tracks, of_call };
}

/** Greenlets and tasks may have another track for each of their outer calls; a thread stays on its own. */
function periods_of(calls: Calls, lanes: readonly LaneData[]): { periods: Period[]; of_call: Uint32Array } {
  const periods: Period[] = [];
  const of_call = new Uint32Array(calls.n);
  const newest = new Map<number, number>();
  for (let i = 0; i < calls.n; ++i) {
    const lane = calls.lane[i]!;
    const [from, to] = [calls.t0[i]!, calls.t1[i]!];
    const known = newest.get(lane);
    const kind = lanes[lane]?.kind;
    const parts = kind === "task" || kind === "greenlet";
    const is_next =
      parts && calls.level[i] === 0 && known !== undefined && from > periods[known]!.to - ROUNDING;
    if (known !== undefined && !is_next) {
      periods[known]!.to = Math.max(periods[known]!.to, to);
      of_call[i] = known;
      continue;
    }
    newest.set(lane, periods.length);
    of_call[i] = periods.length;
    periods.push({ lane, from, to });
  }
  return { periods, of_call };
}

interface Group {
  lanes: number[];
  /** Indices of periods, by start. */
  periods: number[];
}

/** Returns the lanes that may share tracks: those of one kind and process, except main threads. */
function groups_of(lanes: readonly LaneData[], pids: readonly number[], periods: readonly Period[]): Group[] {
  const groups = new Map<string, Group>();
  const of_lane: Group[] = [];
  lanes.forEach(({ process, kind, name }, lane) => {
    const is_main = process !== null && name === `thread ${pids[process]}`;
    const key = PLURALS[kind] && !is_main ? `${process} ${kind}` : `lane ${lane}`;
    const group = groups.get(key) ?? { lanes: [], periods: [] };
    groups.set(key, group);
    group.lanes.push(lane);
    of_lane[lane] = group;
  });
  // periods are made in the order of their starts
  periods.forEach(({ lane }, i) => {
    of_lane[lane]?.periods.push(i);
  });
  return [...groups.values()];
}

interface Filled {
  count: number;
  /** The track of each period of the group. */
  track: Uint32Array;
}

/** Gives each period the last track of its lane if that is free, else the first free one. */
function fill(group: readonly number[], periods: readonly Period[]): Filled {
  const track = new Uint32Array(group.length);
  const busy = new Heap();
  const free = new Heap();
  const is_free: boolean[] = [];
  const last = new Map<number, number>();
  group.forEach((index, i) => {
    const { lane, from, to } = periods[index]!;
    while (busy.size > 0 && busy.least <= from + ROUNDING) {
      const freed = busy.take();
      is_free[freed] = true;
      free.add(freed, freed);
    }
    // a track that was taken as the last one of its lane is still in the queue
    while (free.size > 0 && !is_free[free.least]) free.take();
    const own = last.get(lane);
    const chosen = own !== undefined && is_free[own] ? own : free.size > 0 ? free.take() : is_free.length;
    is_free[chosen] = false;
    busy.add(to, chosen);
    last.set(lane, chosen);
    track[i] = chosen;
  });
  return { count: is_free.length, track };
}

function shared(
  group: Group,
  { count, track }: Filled,
  lanes: readonly LaneData[],
  periods: readonly Period[],
  first: number,
): Track[] {
  const { process, kind } = lanes[group.lanes[0]!]!;
  const left_out = group.lanes.reduce((sum, lane) => sum + lanes[lane]!.left_out, 0);
  const name = `${group.lanes.length.toLocaleString("en-US")} ${PLURALS[kind]}`;
  const tracks = Array.from({ length: count }, (_, i) => ({
    process,
    kind,
    name: i === 0 ? name : "",
    levels: 0,
    left_out: i === 0 ? left_out : 0,
    lanes: 0,
    group: first,
  }));
  const least = new Map<number, number>();
  group.periods.forEach((period, i) => {
    const { lane } = periods[period]!;
    least.set(lane, Math.min(least.get(lane) ?? count, track[i]!));
  });
  for (const place of least.values()) ++tracks[place]!.lanes;
  return tracks;
}
