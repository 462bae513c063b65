// A curve in pixels: a line where it is smooth, and a rectangle for each column of pixels in which it goes up
// and down. A line that zigzags through every column takes ten times as long to draw, and looks the same.

import { type Pen, Simplifier } from "./decimate.ts";

/** The least height of a rectangle, in CSS pixels. What is lower belongs to the line, whose slopes are
 * smoother. */
const TALL = 4;
/** The distance of two samples below which the line between them is as good as vertical, in CSS pixels. */
const NEAR = 1.5;

export class Trace {
  /** The rectangles: left, top, width and height of each. */
  readonly rectangles: number[] = [];
  readonly #line: Simplifier;
  readonly #width: number;
  readonly #tall: number;
  readonly #near: number;
  #last: { x: number; y: number } | undefined;
  /** The rectangle in which the curve is. */
  #inside: { x: number; top: number; bottom: number; last: number } | undefined;

  /** `width` of the line in pixels, of which a CSS pixel has `ratio`. */
  constructor(pen: Pen, width: number, ratio: number) {
    this.#line = new Simplifier(pen);
    this.#width = width;
    this.#tall = TALL * ratio;
    this.#near = NEAR * ratio;
  }

  point(x: number, y: number): void {
    const last = this.#last;
    this.#last = { x, y };
    if (last && x - last.x < this.#near && Math.abs(y - last.y) >= this.#tall) {
      this.#add_rectangle((last.x + x) / 2, last.y, y);
      return;
    }
    this.#leave();
    this.#line.add(x, y);
  }

  /** Adds a column of pixels with the middle `x`. */
  range(x: number, top: number, bottom: number, rises: boolean): void {
    const [first, last] = rises ? [bottom, top] : [top, bottom];
    if (bottom - top < this.#tall) {
      this.point(x, first);
      this.point(x, last);
      return;
    }
    this.#add_rectangle(x, first, last);
    this.#last = { x, y: last };
  }

  end(): void {
    this.#line.end();
  }

  /** Adds a rectangle between the heights of its first and its last sample, and the line to it. */
  #add_rectangle(x: number, first: number, last: number): void {
    const top = Math.min(first, last);
    const bottom = Math.max(first, last);
    const before = this.#inside;
    const touches = before && top <= before.bottom && bottom >= before.top;
    if (!touches) {
      this.#leave();
      this.#line.add(x, first);
    }
    const width = this.#width;
    this.rectangles.push(x - width / 2, top - width / 2, width, bottom - top + width);
    this.#inside = { x, top, bottom, last };
  }

  /** Lets the line go on where the rectangle ends. */
  #leave(): void {
    if (!this.#inside) return;
    this.#line.jump(this.#inside.x, this.#inside.last);
    this.#inside = undefined;
  }
}
