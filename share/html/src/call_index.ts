// Finds calls by track, level and time.

import type { Calls, Model } from "./model.ts";
import { first_above, first_at_least } from "./search.ts";
import type { Window } from "./stroke.ts";

/** The calls of one level of a track, sorted by start. */
export class Level {
  /** Indices of calls. */
  readonly calls: Uint32Array;
  readonly t0: Float64Array;
  readonly t1: Float64Array;
  /** The latest end of each call and the calls before it: it ascends, so that it can be searched. */
  readonly #latest: Float64Array;

  constructor(indices: number[], calls: Calls) {
    this.calls = Uint32Array.from(indices);
    this.t0 = Float64Array.from(indices, (i) => calls.t0[i]!);
    this.t1 = Float64Array.from(indices, (i) => calls.t1[i]!);
    this.#latest = new Float64Array(indices.length);
    let latest = Number.NEGATIVE_INFINITY;
    this.t1.forEach((end, i) => {
      latest = Math.max(latest, end);
      this.#latest[i] = latest;
    });
  }

  /** Visits calls in the window as boxes. Of calls that begin in the same `resolution` seconds and end
   * in them, one is visited, so that the time depends on the width of the picture only. */
  visit(window: Window, resolution: number, visitor: (call: number, t0: number, t1: number) => void): void {
    const { t0, t1 } = this;
    let i = first_at_least(this.#latest, window.from);
    while (i < t0.length && t0[i]! <= window.to) {
      if (t1[i]! >= window.from) visitor(this.calls[i]!, t0[i]!, t1[i]!);
      if (t1[i]! - t0[i]! >= resolution) {
        ++i;
        continue;
      }
      // the last call that begins in the resolution may be a long one
      const next = first_above(t0, t0[i]! + resolution, i + 1);
      i = next - 1 > i && t1[next - 1]! > t0[i]! + resolution ? next - 1 : next;
    }
  }

  /** Returns the call at that time, or the nearest within `reach` seconds. */
  find(time: number, reach: number): number | undefined {
    let best: number | undefined;
    let distance = reach;
    const end = first_above(this.t0, time + reach);
    for (let i = first_at_least(this.#latest, time - reach); i < end; ++i) {
      const away = Math.max(this.t0[i]! - time, time - this.t1[i]!, 0);
      if (away > distance || (away === distance && best !== undefined && away > 0)) continue;
      best = this.calls[i]!;
      distance = away;
    }
    return best;
  }

  /** Returns the place of a call in this level. */
  place(call: number): number {
    return first_at_least(this.calls, call);
  }
}

/** All levels of all tracks. */
export class CallIndex {
  readonly #tracks: Level[][];

  /** Only calls for which `wanted` is true are in it. */
  constructor(
    { calls, tracks, track_of }: Pick<Model, "calls" | "tracks" | "track_of">,
    wanted: (call: number) => boolean = () => true,
  ) {
    const lists: number[][][] = Array.from({ length: tracks.length }, () => []);
    for (let i = 0; i < calls.n; ++i) {
      const levels = lists[track_of[i]!];
      if (!levels || !wanted(i)) continue;
      const level = Math.min(calls.level[i]!, 500);
      while (levels.length <= level) levels.push([]);
      levels[level]!.push(i);
    }
    this.#tracks = lists.map((levels) => levels.map((list) => new Level(list, calls)));
  }

  levels(track: number): Level[] {
    return this.#tracks[track] ?? [];
  }
}
