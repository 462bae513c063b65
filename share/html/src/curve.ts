// Draws one curve of the chart.

import uPlot from "uplot";
import { decimate, Simplifier } from "./decimate.ts";
import type { Series } from "./model.ts";
import { strokes_in } from "./statistics.ts";
import type { Stroke, Window } from "./stroke.ts";

/** The looks of a curve. */
export interface Brush {
  colour: string;
  /** In CSS pixels. */
  width: number;
  dash: number[];
  /** The colour of the area below the curve, if it has one. */
  fill: string | undefined;
}

/** Where times and values are, in pixels of the canvas. */
interface Placement {
  x: (time: number) => number;
  y: (value: number) => number;
  floor: number;
  columns: number;
}

/** Draws the part of a series that is in the window. */
export function draw_curve(plot: uPlot, series: Series, window: Window, brush: Brush): void {
  const strokes = strokes_in(series, window);
  if (strokes.length === 0) return;
  const place = placement(plot, window);
  const line = new Path2D();
  const area = brush.fill ? new Path2D() : undefined;
  for (const stroke of strokes) add_stroke(line, area, stroke, window, place);
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 2, bbox.width, bbox.height + 4);
  ctx.clip();
  if (area && brush.fill) {
    ctx.fillStyle = brush.fill;
    ctx.fill(area);
  }
  ctx.strokeStyle = brush.colour;
  ctx.lineWidth = brush.width * uPlot.pxRatio;
  // round joins are several times slower, and not seen at this width
  ctx.lineJoin = "bevel";
  ctx.setLineDash(brush.dash.map((part) => part * uPlot.pxRatio));
  ctx.stroke(line);
  ctx.restore();
}

function placement(plot: uPlot, window: Window): Placement {
  const { left, width, top, height } = plot.bbox;
  const { min, max } = plot.scales.y as { min: number; max: number };
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

function add_stroke(
  line: Path2D,
  area: Path2D | undefined,
  stroke: Stroke,
  window: Window,
  place: Placement,
): void {
  const simple = new Simplifier(line);
  let first_x = Number.NaN;
  let last_x = Number.NaN;
  decimate(stroke, window, place.columns, (time, value) => {
    const x = place.x(time);
    const y = place.y(value);
    simple.add(x, y);
    if (Number.isNaN(first_x)) {
      first_x = x;
      area?.moveTo(x, place.floor);
    }
    area?.lineTo(x, y);
    last_x = x;
  });
  simple.end();
  area?.lineTo(last_x, place.floor);
  // a single sample has no line
  if (stroke.t.length === 1) line.arc(first_x, place.y(stroke.v[0]!), 2, 0, 2 * Math.PI);
}
