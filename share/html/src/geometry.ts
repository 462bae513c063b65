// The place of the time axis, which the chart, the lanes and the overview share.

import type { Window } from "./stroke.ts";

/** The space for labels of memory and of lanes, left of the time axis. */
export function gutter(width: number): number {
  return width < 560 ? 58 : 84;
}

/** The space right of the time axis. */
export const MARGIN = 14;

export class TimeAxis {
  readonly left: number;
  readonly width: number;
  readonly window: Window;

  constructor(full_width: number, window: Window) {
    this.left = gutter(full_width);
    this.width = Math.max(full_width - this.left - MARGIN, 1);
    this.window = window;
  }

  get right(): number {
    return this.left + this.width;
  }

  x(time: number): number {
    return this.left + ((time - this.window.from) / (this.window.to - this.window.from)) * this.width;
  }

  /** Returns x within the axis, for things that reach out of the window. */
  clamped(time: number): number {
    return Math.min(Math.max(this.x(time), this.left), this.right);
  }

  time(x: number): number {
    return this.window.from + this.seconds(x - this.left);
  }

  /** Returns how long so many pixels are. */
  seconds(pixels: number): number {
    return (pixels / this.width) * (this.window.to - this.window.from);
  }
}
