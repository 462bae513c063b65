// The vertical line at the pointer, through the chart and the lanes, and the box with the values there.

import type { Chart } from "./chart.ts";
import { by_id } from "./dom.ts";
import { time } from "./format.ts";
import { TimeAxis } from "./geometry.ts";
import { place_box, show_call, show_values } from "./readout.ts";
import type { Store } from "./store.ts";

export class Crosshair {
  readonly #store: Store;
  readonly #chart: Chart;
  readonly #line = by_id("crosshair");
  readonly #time = by_id("crosshair_time");
  readonly #box = by_id("readout");
  readonly #plots = by_id("plots");
  /** Where the box is, in pixels of the screen; without a pointer it is at the line. */
  #pointer: { x: number; y: number } | undefined;

  constructor(store: Store, chart: Chart) {
    this.#store = store;
    this.#chart = chart;
  }

  /** Moves to the place of the pointer; without one to that of the crosshair. */
  follow(pointer: { x: number; y: number } | undefined): void {
    this.#pointer = pointer;
  }

  draw(): void {
    const { cursor, view } = this.#store;
    const at = cursor.time;
    const { from, to } = view.window;
    const is_visible = at !== null && at >= from && at <= to;
    this.#line.hidden = !is_visible;
    this.#box.hidden = !is_visible;
    if (!is_visible) return;
    const axis = new TimeAxis(this.#plots.clientWidth, view.window);
    const x = axis.x(at);
    this.#line.style.transform = `translateX(${Math.round(x)}px)`;
    this.#time.textContent = time(at, to - from);
    this.#time.style.top = `${this.#chart.plot_bottom + 3}px`;
    this.#time.classList.toggle("is_left", x > axis.right - 80);
    if (cursor.call === null) show_values(this.#box, this.#store, this.#chart, at);
    else show_call(this.#box, this.#store, cursor.call);
    const box = this.#plots.getBoundingClientRect();
    place_box(this.#box, this.#pointer?.x ?? box.left + x, this.#pointer?.y ?? box.top + 30);
  }
}
