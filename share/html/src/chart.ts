// The memory chart. uPlot has the axes, the grid and the strokes; the points come from decimate().

import uPlot from "uplot";
import { draw_annotations } from "./annotations.ts";
import { Backdrop } from "./backdrop.ts";
import { colour_of, is_dashed, type Look, type Palette } from "./colours.ts";
import { cost_of, type Drawn, draw_curves, type Ground } from "./curve.ts";
import { gutter, MARGIN } from "./geometry.ts";
import type { Series } from "./model.ts";
import { type Extreme, peak_in, strokes_in } from "./statistics.ts";
import type { Store } from "./store.ts";
import type { Window } from "./stroke.ts";
import { memory_label, memory_step, multiples, time_label, time_step } from "./ticks.ts";

const FONT = "11px system-ui, sans-serif";
/** Curves that cost more than this are drawn exactly only when the window is still, except the highest of
 * them. Points that are drawn have the cost 1. */
const MOST_MOVING = 15_000;
const ALWAYS_EXACT = 5_000;
/** Milliseconds without a movement, after which it has ended. */
const STILL = 140;

/** A curve of the chart: a series, and whether it is the second metric of the total. */
export interface Curve {
  series: Series;
  kind: "total" | "process" | "also";
}

export class Chart {
  readonly #store: Store;
  readonly #host: HTMLElement;
  readonly #looks: Look[];
  #palette: Palette;
  #curves: Curve[] = [];
  #plot: uPlot | undefined;
  #size = { width: 0, height: 0 };
  #y: [number, number] = [0, 1];
  readonly #backdrop = new Backdrop();
  #is_moving = false;
  #timer = 0;

  constructor(store: Store, host: HTMLElement, looks: Look[], palette: Palette) {
    this.#store = store;
    this.#host = host;
    this.#looks = looks;
    this.#palette = palette;
  }

  get curves(): readonly Curve[] {
    return this.#curves;
  }

  /** Returns the curves that are shown, the total first. */
  visible_curves(): Curve[] {
    return this.#curves.filter((curve) => this.#is_shown(curve));
  }

  colour(curve: Curve): string {
    if (curve.kind === "total") return this.#palette.ink;
    if (curve.kind === "also") return this.#palette.muted;
    return colour_of(this.#looks[curve.series.process!] ?? { hue: null }, this.#palette);
  }

  use(palette: Palette): void {
    this.#palette = palette;
    this.rebuild();
  }

  resize(width: number, height: number): void {
    this.#size = { width, height };
    if (!this.#plot) this.rebuild();
    else if (this.#plot.axes[1]!.size !== gutter(width)) this.rebuild();
    else this.#plot.setSize({ width, height });
  }

  /** Makes the chart again, when the metric or the theme changes. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (this.#size.width < 1) return;
    this.#curves = curves_of(this.#store);
    this.#backdrop.forget();
    // uPlot draws the axes only
    this.#plot = new uPlot(this.#options(), [[0, 1]], this.#host);
    this.draw();
  }

  /** Draws after the window has moved, perhaps not yet exactly. */
  move(): void {
    this.#is_moving = true;
    this.#redraw();
  }

  draw(): void {
    this.#backdrop.forget();
    this.#is_moving = false;
    this.#redraw();
  }

  #redraw(): void {
    const plot = this.#plot;
    if (!plot) return;
    window.clearTimeout(this.#timer);
    const { window: shown } = this.#store.view;
    this.#y = this.#range();
    const [min, max] = this.#y;
    plot.batch(() => {
      plot.setScale("x", { min: shown.from, max: shown.to });
      plot.setScale("y", { min, max });
      plot.redraw(true, true);
    });
  }

  /** Returns where a value is, in CSS pixels from the top of the chart. */
  y(value: number): number {
    return this.#plot ? this.#plot.valToPos(value, "y") + this.#plot.bbox.top / uPlot.pxRatio : 0;
  }

  get plot_bottom(): number {
    return this.#plot ? (this.#plot.bbox.top + this.#plot.bbox.height) / uPlot.pxRatio : 0;
  }

  #is_shown({ series, kind }: Curve): boolean {
    const { view } = this.#store;
    if (kind === "also") return view.total === "shown" && view.also === "shown";
    if (kind === "total") return view.total === "shown";
    return !view.hidden.has(series.process!);
  }

  /** Returns the memory axis: from zero to a little more than the highest visible sample. */
  #range(): [number, number] {
    const { view, model } = this.#store;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const { series } of this.visible_curves()) {
      for (const stroke of strokes_in(series, view.window)) {
        const [begin, end] = widened(stroke.range(view.window), stroke.t.length);
        const [lowest, highest] = stroke.extremes(begin, end);
        low = Math.min(low, lowest);
        high = Math.max(high, highest);
      }
    }
    for (const { mib } of model.recording.limits) {
      if (mib > high && mib < 1.5 * high && view.total === "shown") high = mib;
    }
    if (high <= 0) return [0, 1];
    if (view.axis === "zero" || low > high) return [0, high * 1.08];
    const space = Math.max((high - low) * 0.1, high * 1e-4);
    return [Math.max(0, low - space), high + space];
  }

  #options(): uPlot.Options {
    const axis = { font: FONT, stroke: () => this.#palette.muted, ticks: { show: false } };
    const grid = { stroke: () => this.#palette.grid, width: 1 };
    return {
      ...this.#size,
      padding: [18, MARGIN, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        // the ranges do not depend on the data of uPlot, which has two points only
        x: { time: false, range: () => [this.#store.view.window.from, this.#store.view.window.to] },
        y: { range: () => this.#y },
      },
      axes: [
        { ...axis, grid, size: 24, gap: 4, splits: time_splits, values: time_values },
        {
          ...axis,
          grid,
          size: gutter(this.#size.width),
          gap: 8,
          splits: memory_splits,
          values: memory_values,
        },
      ],
      series: [{}],
      hooks: {
        draw: [
          (plot) => {
            this.#draw_curves(plot);
            draw_annotations(plot, this.#store, this, this.#palette);
          },
        ],
      },
    };
  }

  #draw_curves(plot: uPlot): void {
    const { view } = this.#store;
    const { min, max } = plot.scales.y as { min: number; max: number };
    const ground: Ground = { ctx: plot.ctx, bbox: plot.bbox, min, max };
    const all = this.#curves.filter((curve) => this.#is_shown(curve)).map((curve) => this.#drawn(curve, min));
    const behind = number_behind(all, view.window, plot.bbox.width / uPlot.pxRatio);
    if (behind > 0) {
      const curves = all.slice(0, behind);
      const is_exact = this.#backdrop.draw(ground, curves, view.window, this.#is_moving);
      if (!is_exact) this.#timer = window.setTimeout(() => this.draw(), STILL);
    }
    draw_curves(ground, all.slice(behind), view.window);
  }

  #drawn(curve: Curve, min: number): Drawn {
    const is_total = curve.kind === "total";
    const look = curve.kind === "process" ? this.#looks[curve.series.process!] : undefined;
    const dashed = curve.kind === "also" || (look !== undefined && is_dashed(look));
    const brush = {
      colour: this.colour(curve),
      width: is_total ? 1.75 : 1.25,
      dash: dashed ? [5, 3] : [],
      // the height of an area is its value only if the axis starts at zero
      fill: is_total && min === 0 ? `${this.#palette.ink}0d` : undefined,
    };
    return { series: curve.series, brush };
  }
}

/** Returns how many of the curves, which start with the lowest, are only drawn when the window is still. */
function number_behind(curves: readonly Drawn[], window: Window, columns: number): number {
  const costs = curves.map(({ series }) => cost_of(series, window, columns));
  if (costs.reduce((sum, cost) => sum + cost, 0) <= MOST_MOVING) return 0;
  let exact = 0;
  let behind = curves.length;
  while (behind > 1 && exact + costs[behind - 1]! <= ALWAYS_EXACT) exact += costs[--behind]!;
  return behind;
}

/** Adds a sample on each side, because the line to it is visible. */
function widened([begin, end]: [number, number], length: number): [number, number] {
  return [Math.max(begin - 1, 0), Math.min(end + 1, length)];
}

function curves_of({ model, view }: Store): Curve[] {
  const of_metric = model.series.filter(({ metric }) => metric === view.metric);
  const curves: Curve[] = [];
  for (const series of of_metric) {
    if (series.process !== null && model.processes[series.process]) curves.push({ series, kind: "process" });
  }
  // those drawn last are on top
  const peak = ({ series }: Curve) => model.processes[series.process!]?.peak?.mib ?? 0;
  curves.sort((a, b) => peak(a) - peak(b));
  const pss =
    view.metric === "rss"
      ? model.series.find((one) => one.process === null && one.metric === "pss")
      : undefined;
  if (pss) curves.push({ series: pss, kind: "also" });
  const total = of_metric.find(({ process }) => process === null);
  if (total) curves.push({ series: total, kind: "total" });
  return curves;
}

function x_step(plot: uPlot, min: number, max: number): number {
  return time_step((max - min) / Math.max(plot.bbox.width / uPlot.pxRatio / 90, 1));
}

function time_splits(plot: uPlot, _axis: number, min: number, max: number): number[] {
  return multiples(x_step(plot, min, max), min, max);
}

function time_values(plot: uPlot, splits: number[]): string[] {
  const { min, max } = plot.scales.x as { min: number; max: number };
  const step = x_step(plot, min, max);
  return splits.map((split) => time_label(split, step));
}

function y_step(plot: uPlot, min: number, max: number): number {
  return memory_step((max - min) / Math.max(plot.bbox.height / uPlot.pxRatio / 44, 1), max);
}

function memory_splits(plot: uPlot, _axis: number, min: number, max: number): number[] {
  return multiples(y_step(plot, min, max), min, max);
}

function memory_values(plot: uPlot, splits: number[]): string[] {
  const { min, max } = plot.scales.y as { min: number; max: number };
  const step = y_step(plot, min, max);
  return splits.map((split) => memory_label(split, step, max));
}

/** Returns the highest visible point of the first of these curves that has one. */
export function highest_of(curves: readonly Curve[], window: Window): Extreme | undefined {
  const total = curves.find(({ kind }) => kind === "total");
  if (total) return peak_in(total.series, window);
  let best: Extreme | undefined;
  for (const { series } of curves) {
    const peak = peak_in(series, window);
    if (peak && (!best || peak.mib > best.mib)) best = peak;
  }
  return best;
}
