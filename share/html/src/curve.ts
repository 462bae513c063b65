// Draws curves of the chart.

import uPlot from "uplot";
import { decimate } from "./decimate.ts";
import type { Series } from "./model.ts";
import { strokes_in } from "./statistics.ts";
import type { Stroke, Window } from "./stroke.ts";
import { Trace } from "./trace.ts";

/** The looks of a curve. */
export interface Brush {
  colour: string;
  /** In CSS pixels. */
  width: number;
  dash: number[];
  /** The colour of the area below the curve, if it has one. */
  fill: string | undefined;
}

/** A canvas with the place of the plot on it, in its pixels. */
export interface Ground {
  ctx: CanvasRenderingContext2D;
  bbox: { left: number; top: number; width: number; height: number };
  min: number;
  max: number;
}

export interface Drawn {
  series: Series;
  brush: Brush;
}

/** Where times and values are, in pixels of the canvas. */
interface Placement {
  x: (time: number) => number;
  y: (value: number) => number;
  floor: number;
  columns: number;
}

/** Returns how long it takes to draw the series, in points. */
export function cost_of(series: Series, window: Window, columns: number): number {
  const each = 50;
  let points = 0;
  for (const stroke of strokes_in(series, window)) {
    const [begin, end] = stroke.range(window);
    points += end - begin;
  }
  return each + Math.min(points, columns);
}

/** A longer line takes more time than two lines. */
const LONG = 1500;

/** Draws the parts of the series that are in the window. Short neighbours that look alike are one line,
 * because a thousand lines with few points take longer than one line with all of them. */
export function draw_curves(ground: Ground, curves: readonly Drawn[], window: Window): void {
  const { ctx, bbox } = ground;
  const place = placement(ground, window);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 2, bbox.width, bbox.height + 4);
  ctx.clip();
  // round joins are several times slower, and not seen at this width
  ctx.lineJoin = "bevel";
  for (let i = 0; i < curves.length; ) {
    const { brush } = curves[i]!;
    const width = brush.width * uPlot.pxRatio;
    const line = new Path2D();
    const traces: Trace[] = [];
    const area = brush.fill ? new Path2D() : undefined;
    let points = 0;
    for (; i < curves.length && points < LONG && are_alike(curves[i]!.brush, brush); ++i) {
      const { series } = curves[i]!;
      for (const one of strokes_in(series, window)) {
        const trace = new Trace(line, width, uPlot.pxRatio);
        points += add_stroke(line, trace, area, one, window, place);
        traces.push(trace);
      }
    }
    if (area) {
      ctx.fillStyle = brush.fill!;
      ctx.fill(area);
    }
    ctx.strokeStyle = brush.colour;
    ctx.fillStyle = brush.colour;
    ctx.lineWidth = width;
    // dashes of a line that fills an area take long, and are not seen
    const dash = points > LONG ? [] : brush.dash;
    ctx.setLineDash(dash.map((part) => part * uPlot.pxRatio));
    ctx.stroke(line);
    for (const { rectangles } of traces) fill(ctx, rectangles);
  }
  ctx.restore();
}

function fill(ctx: CanvasRenderingContext2D, rectangles: readonly number[]): void {
  for (let i = 0; i < rectangles.length; i += 4) {
    ctx.fillRect(rectangles[i]!, rectangles[i + 1]!, rectangles[i + 2]!, rectangles[i + 3]!);
  }
}

function are_alike(a: Brush, b: Brush): boolean {
  return a.colour === b.colour && a.width === b.width && a.fill === b.fill && a.dash.length === b.dash.length;
}

function placement({ bbox, min, max }: Ground, window: Window): Placement {
  const { left, width, top, height } = bbox;
  const x_scale = width / (window.to - window.from);
  const y_scale = height / (max - min);
  const floor = top + height;
  return {
    x: (time) => left + (time - window.from) * x_scale,
    y: (value) => floor - (value - min) * y_scale,
    floor,
    columns: Math.ceil(width / uPlot.pxRatio),
  };
}

/** Adds a stroke to the line, of which `trace` is a part, and to the area. Returns how many points it has. */
function add_stroke(
  line: Path2D,
  trace: Trace,
  area: Path2D | undefined,
  stroke: Stroke,
  window: Window,
  place: Placement,
): number {
  let last_x = Number.NaN;
  let points = 0;
  const add_to_area = (x: number, y: number) => {
    if (points++ === 0) area?.moveTo(x, place.floor);
    area?.lineTo(x, y);
    last_x = x;
  };
  decimate(stroke, window, place.columns, {
    point: (time, value) => {
      const x = place.x(time);
      const y = place.y(value);
      trace.point(x, y);
      add_to_area(x, y);
    },
    range: (time, low, high, rises) => {
      const x = place.x(time);
      const bottom = place.y(low);
      trace.range(x, place.y(high), bottom, rises);
      // the column itself is covered by the line
      add_to_area(x, bottom);
    },
  });
  trace.end();
  area?.lineTo(last_x, place.floor);
  // a single sample has no line
  if (stroke.t.length === 1) line.arc(place.x(stroke.first), place.y(stroke.v[0]!), 2, 0, 2 * Math.PI);
  return points;
}
