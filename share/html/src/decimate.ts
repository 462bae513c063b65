// Draws a stroke with the lowest and the highest sample of each column of pixels. The picture is that of
// all samples, and the time depends on the width only.

import { first_at_least_near } from "./search.ts";
import type { Stroke, Window } from "./stroke.ts";

/** Receives a line in the order of time: single samples, and the range of those that share a column. */
export interface Sink {
  point(time: number, value: number): void;
  /** `rises` if the last sample is not below the first one. */
  range(time: number, low: number, high: number, rises: boolean): void;
}

/** Gives `sink` the part of the stroke that is in the window, and one sample on each side of it. */
export function decimate(stroke: Stroke, window: Window, columns: number, sink: Sink): void {
  const [within_begin, within_end] = stroke.range(window);
  const begin = Math.max(within_begin - 1, 0);
  const end = Math.min(within_end + 1, stroke.t.length);
  const covered = Math.min(stroke.last, window.to) - Math.max(stroke.first, window.from);
  if (end - begin <= (2 * columns * covered) / (window.to - window.from) + 4) {
    for (let i = begin; i < end; ++i) sink.point(stroke.t[i]!, stroke.v[i]!);
    return;
  }
  if (begin < within_begin) sink.point(stroke.t[begin]!, stroke.v[begin]!);
  const width = (window.to - window.from) / columns;
  for (let i = within_begin; i < within_end; ) {
    const column = Math.floor((stroke.t[i]! - window.from) / width);
    const after = first_at_least_near(stroke.t, window.from + (column + 1) * width, i + 1);
    const next = Math.min(after, within_end);
    const middle = window.from + (column + 0.5) * width;
    add_column(stroke, i, next, middle, sink);
    i = next;
  }
  if (within_end < end) sink.point(stroke.t[within_end]!, stroke.v[within_end]!);
}

/** Adds the samples of a column, whose middle is given. */
function add_column(stroke: Stroke, begin: number, end: number, middle: number, sink: Sink): void {
  if (end - begin === 1) {
    sink.point(stroke.t[begin]!, stroke.v[begin]!);
    return;
  }
  stroke.scan(begin, end);
  sink.range(middle, stroke.low, stroke.high, stroke.v[begin]! <= stroke.v[end - 1]!);
}

/** Receives the corners of a line, in pixels. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** A difference that cannot be seen, in pixels. */
const INVISIBLE = 0.3;

/** Draws a line with a pen, and leaves out points whose height differs invisibly from that of the point
 * before, because strokes with many corners are slow. */
export class Simplifier {
  readonly #pen: Pen;
  #drawn: number | undefined;
  #waiting: { x: number; y: number } | undefined;

  constructor(pen: Pen) {
    this.#pen = pen;
  }

  add(x: number, y: number): void {
    if (this.#drawn === undefined) {
      this.#pen.moveTo(x, y);
      this.#drawn = y;
    } else if (Math.abs(y - this.#drawn) < INVISIBLE) {
      this.#waiting = { x, y: this.#drawn };
    } else {
      this.end();
      this.#pen.lineTo(x, y);
      this.#drawn = y;
    }
  }

  /** Goes on at another point, without a line to it. */
  jump(x: number, y: number): void {
    this.end();
    this.#pen.moveTo(x, y);
    this.#drawn = y;
  }

  /** Draws the point that waits, if there is one. */
  end(): void {
    if (this.#waiting) this.#pen.lineTo(this.#waiting.x, this.#waiting.y);
    this.#waiting = undefined;
  }
}
