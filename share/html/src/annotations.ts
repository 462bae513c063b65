// What the chart shows in addition to its curves: limits, marks, the judgement of the leak, starts and
// exits of processes, and the label of the peak. No label is on top of another.

import uPlot from "uplot";
import { type Chart, highest_of } from "./chart.ts";
import type { Palette } from "./colours.ts";
import { floor_lines, interval_area } from "./floors.ts";
import { duration, memory, shorten, time } from "./format.ts";
import type { Leak, Limit } from "./recording.ts";
import type { Extreme } from "./statistics.ts";
import type { Store } from "./store.ts";

const FONT = "11px system-ui, sans-serif";
const MOST_MARKS = 40;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What the parts of the drawing share. Coordinates are CSS pixels of the chart. */
interface Board {
  ink: CanvasRenderingContext2D;
  plot: Box;
  x: (time: number) => number;
  y: (mib: number) => number;
  highest: number;
  palette: Palette;
  taken: Box[];
}

export function draw_annotations(plot: uPlot, store: Store, chart: Chart, palette: Palette): void {
  const { view, model } = store;
  const ratio = uPlot.pxRatio;
  const box = plot.bbox;
  const ink = plot.ctx;
  const left = box.left / ratio;
  const top = box.top / ratio;
  const scale = plot.scales.y as { min: number; max: number };
  const board: Board = {
    ink,
    plot: { left, top, right: left + box.width / ratio, bottom: top + box.height / ratio },
    x: (at) => left + ((at - view.window.from) / (view.window.to - view.window.from)) * (box.width / ratio),
    y: (mib) => top + ((scale.max - mib) / (scale.max - scale.min)) * (box.height / ratio),
    highest: scale.max,
    palette,
    taken: [],
  };
  ink.save();
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.font = FONT;
  ink.textBaseline = "alphabetic";
  draw_floor(board, scale.min > 0);
  const is_rss = view.metric === model.recording.metric;
  if (is_rss) for (const limit of model.recording.limits) draw_limit(board, limit);
  draw_births(board, store, chart);
  draw_resolution(board, chart, view.window);
  const peak = highest_of(chart.visible_curves(), view.window);
  if (peak) draw_peak(board, peak, view.window.to - view.window.from);
  draw_marks(board, store);
  const { leak } = model.recording;
  // floors of another metric are elsewhere
  if (view.leak === "shown" && leak && (leak.metric ?? view.metric) === view.metric)
    draw_leak(board, leak, view.window);
  ink.restore();
}

/** The line at zero is darker. An axis that does not start at zero has a zigzag. */
function draw_floor({ ink, plot, palette }: Board, is_cut: boolean): void {
  ink.strokeStyle = palette.rest;
  ink.lineWidth = 1;
  ink.beginPath();
  ink.moveTo(plot.left, plot.bottom + 0.5);
  ink.lineTo(plot.right, plot.bottom + 0.5);
  ink.stroke();
  if (!is_cut) return;
  ink.beginPath();
  for (let i = 0; i <= 6; ++i) ink.lineTo(plot.left + (i % 2 ? 3 : -3), plot.bottom - 2 * i);
  ink.stroke();
  ink.fillStyle = palette.muted;
  ink.textAlign = "left";
  ink.fillText("not from zero", plot.left + 8, plot.bottom - 5);
}

/** A curve that lacks samples says so as soon as it can be seen. */
function draw_resolution(board: Board, chart: Chart, window: { from: number; to: number }): void {
  const { ink, plot, palette } = board;
  const column = Math.max(0, ...chart.visible_curves().map(({ series }) => series.column));
  const pixel = (window.to - window.from) / (plot.right - plot.left);
  if (column < 3 * pixel) return;
  ink.fillStyle = palette.muted;
  const kept = `the first, last, lowest and highest of each ${duration(column)}`;
  const text = `not every sample is in this page: ${kept}`;
  label(board, text, plot.left + 2, plot.top - 6, "left");
}

function draw_limit(board: Board, limit: Limit): void {
  const { ink, plot, palette } = board;
  const y = board.y(limit.mib);
  const text = `${shorten(limit.what, 40)} ${memory(limit.mib)}`;
  ink.fillStyle = palette.alarm;
  if (y < plot.top || limit.mib > board.highest) {
    label(board, `↑ ${text}`, plot.right - 4, plot.top + 10, "right");
    return;
  }
  ink.strokeStyle = palette.alarm;
  ink.setLineDash([7, 4]);
  line(ink, plot.left, y, plot.right, y);
  ink.setLineDash([]);
  label(board, text, plot.right - 4, y - 4, "right");
}

function line(ink: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ink.beginPath();
  ink.moveTo(x0, y0);
  ink.lineTo(x1, y1);
  ink.stroke();
}

/** Writes a text where none is yet. Returns whether there was space. */
function label(board: Board, text: string, x: number, y: number, align: CanvasTextAlign): boolean {
  const { ink, plot, palette, taken } = board;
  const width = ink.measureText(text).width;
  const start = align === "right" ? x - width : align === "center" ? x - width / 2 : x;
  const left = Math.min(Math.max(start, plot.left + 2), plot.right - width - 2);
  const box = { left: left - 3, right: left + width + 3, top: y - 11, bottom: y + 3 };
  if (taken.some((other) => overlap(box, other))) return false;
  taken.push(box);
  const { fillStyle } = ink;
  ink.textAlign = "left";
  ink.lineJoin = "round";
  ink.lineWidth = 3;
  ink.strokeStyle = palette.paper;
  ink.strokeText(text, left, y);
  ink.fillStyle = fillStyle;
  ink.fillText(text, left, y);
  ink.lineWidth = 1;
  return true;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function draw_peak(board: Board, peak: Extreme, length: number): void {
  const { ink, palette } = board;
  const [x, y] = [board.x(peak.at), board.y(peak.mib)];
  ink.fillStyle = palette.ink;
  ink.beginPath();
  ink.arc(x, y, 3, 0, 2 * Math.PI);
  ink.fill();
  ink.font = `600 ${FONT}`;
  const sign = peak.is_between ? "≈" : "";
  label(board, `${sign}${memory(peak.mib)} at ${time(peak.at, length)}`, x, Math.max(y - 7, 11), "center");
  ink.font = FONT;
}

/** Ticks at the axis: up is the start of a process, down its exit. */
function draw_births(board: Board, { model, view }: Store, chart: Chart): void {
  const { ink, plot } = board;
  const curves = new Map(chart.visible_curves().map((curve) => [curve.series.process, curve]));
  // one tick in a pixel and colour is enough
  const ticks = new Map<string, Set<number>>();
  for (const { at, kind, process } of model.recording.events) {
    if (at < view.window.from || at > view.window.to || process === null) continue;
    const curve = curves.get(process);
    if (curve?.kind !== "process" || (kind !== "start" && kind !== "exit")) continue;
    const colour = chart.colour(curve);
    const places = ticks.get(colour) ?? new Set();
    ticks.set(colour, places);
    const x = Math.round(board.x(at));
    places.add(kind === "start" ? x : -x);
  }
  ink.lineWidth = 1;
  for (const [colour, places] of ticks) {
    ink.strokeStyle = colour;
    ink.beginPath();
    for (const place of places) {
      const x = Math.abs(place) + 0.5;
      ink.moveTo(x, plot.bottom);
      ink.lineTo(x, plot.bottom + (place >= 0 ? -6 : 5));
    }
    ink.stroke();
  }
}

function draw_marks(board: Board, { model, view }: Store): void {
  const { ink, plot, palette } = board;
  const { from, to } = view.window;
  const marks = model.recording.marks.filter(({ at }) => at >= from && at <= to);
  const are_many = marks.length > MOST_MARKS;
  ink.strokeStyle = palette.muted;
  for (const { at, text } of marks) {
    const x = Math.round(board.x(at)) + 0.5;
    ink.strokeStyle = palette.muted;
    ink.setLineDash([3, 3]);
    if (are_many) ink.setLineDash([]);
    line(ink, x, are_many ? plot.bottom - 5 : plot.top - 4, x, plot.bottom);
    ink.setLineDash([]);
    if (are_many) continue;
    ink.fillStyle = palette.muted;
    label(board, shorten(text, 28), x + 4, plot.top + 6, "left");
  }
}

function draw_leak(board: Board, leak: Leak, window: { from: number; to: number }): void {
  const { ink, plot, palette } = board;
  ink.save();
  ink.beginPath();
  ink.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  ink.clip();
  draw_band(board, leak);
  ink.strokeStyle = palette.alarm;
  ink.lineWidth = 2.5;
  for (const { from, to, mib } of floor_lines(leak.floors)) {
    if (to < window.from || from > window.to) continue;
    const middle = board.x((from + to) / 2);
    const half = Math.max(board.x(to) - middle, 3);
    line(ink, middle - half, board.y(mib), middle + half, board.y(mib));
  }
  for (const { at, mib } of leak.steps) {
    ink.setLineDash([2, 3]);
    ink.strokeStyle = palette.alarm;
    ink.lineWidth = 1;
    line(ink, board.x(at), plot.top, board.x(at), plot.bottom);
    ink.setLineDash([]);
    ink.fillStyle = palette.alarm;
    label(board, `step of ${memory(mib)}`, board.x(at) + 4, plot.bottom - 24, "left");
  }
  ink.restore();
}

/** The line of the leak, with the band of its interval. */
function draw_band({ ink, palette, plot, x, y }: Board, { line: fit, level_mib }: Leak): void {
  ink.strokeStyle = palette.alarm;
  ink.lineWidth = 1.5;
  if (fit) {
    ink.fillStyle = `${palette.alarm}26`;
    ink.beginPath();
    for (const [at, mib] of interval_area(fit)) ink.lineTo(x(at), y(mib));
    ink.fill();
  }
  ink.setLineDash([6, 3]);
  if (fit) line(ink, x(fit.t0), y(fit.v0), x(fit.t1), y(fit.v1));
  else if (level_mib !== null) line(ink, plot.left, y(level_mib), plot.right, y(level_mib));
  ink.setLineDash([]);
}
