// A stroke is a piece of a curve without gaps. It finds its extremes in any range of samples without reading
// all of them, because it keeps those of blocks of samples.

import { first_above, first_at_least } from "./search.ts";

const BLOCK = 16;

/** A window of time, in seconds since the start of the recording. */
export interface Window {
  from: number;
  to: number;
}

export class Stroke {
  readonly t: Float64Array;
  readonly v: Float64Array;
  /** The result of `scan`. */
  low = 0;
  high = 0;
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;

  /** Needs ascending times, and as many values. */
  constructor(t: Float64Array, v: Float64Array) {
    this.t = t;
    this.v = v;
    const blocks = Math.ceil(v.length / BLOCK);
    this.#lowest = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY);
    this.#highest = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
    for (let i = 0; i < v.length; ++i) {
      const block = Math.floor(i / BLOCK);
      this.#lowest[block] = Math.min(this.#lowest[block]!, v[i]!);
      this.#highest[block] = Math.max(this.#highest[block]!, v[i]!);
    }
  }

  get first(): number {
    return this.t[0]!;
  }

  get last(): number {
    return this.t[this.t.length - 1]!;
  }

  /** Returns the samples [begin, end) that lie within the window. */
  range(window: Window): [number, number] {
    return [first_at_least(this.t, window.from), first_above(this.t, window.to)];
  }

  /** Returns the lowest and the highest value of the samples [begin, end), which must not be empty. */
  extremes(begin: number, end: number): [number, number] {
    this.scan(begin, end);
    return [this.low, this.high];
  }

  /** Sets `low` and `high` to the extremes of the samples [begin, end). It makes no objects, because drawing
   * calls it for every column of pixels. */
  scan(begin: number, end: number): void {
    this.low = Number.POSITIVE_INFINITY;
    this.high = Number.NEGATIVE_INFINITY;
    const first_block = Math.ceil(begin / BLOCK);
    const last_block = Math.floor(end / BLOCK);
    if (first_block >= last_block) {
      this.#widen(this.v, this.v, begin, end);
      return;
    }
    this.#widen(this.v, this.v, begin, first_block * BLOCK);
    this.#widen(this.#lowest, this.#highest, first_block, last_block);
    this.#widen(this.v, this.v, last_block * BLOCK, end);
  }

  #widen(lowest: Float64Array, highest: Float64Array, begin: number, end: number): void {
    let { low, high } = this;
    for (let i = begin; i < end; ++i) {
      if (lowest[i]! < low) low = lowest[i]!;
      if (highest[i]! > high) high = highest[i]!;
    }
    this.low = low;
    this.high = high;
  }

  /** Returns the value of the line at that time; nothing outside of the stroke. */
  at(time: number): number | undefined {
    const next = first_at_least(this.t, time);
    if (next === this.t.length || (next === 0 && this.t[0] !== time)) return undefined;
    if (this.t[next] === time) return this.v[next];
    const share = (time - this.t[next - 1]!) / (this.t[next]! - this.t[next - 1]!);
    return this.v[next - 1]! + share * (this.v[next]! - this.v[next - 1]!);
  }
}
