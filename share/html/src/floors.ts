// The floors of a leak as short lines, and the sentence about what the chart shows of it.

import type { Leak } from "./recording.ts";

export interface Floor {
  from: number;
  to: number;
  mib: number;
}

/** Returns each floor as a line around its time, with space between neighbours. One that is alone has no
 * length. */
export function floor_lines(floors: Leak["floors"]): Floor[] {
  let spacing = Number.POSITIVE_INFINITY;
  for (let i = 1; i < floors.length; ++i) {
    const step = floors[i]![0] - floors[i - 1]![0];
    if (step > 0 && step < spacing) spacing = step;
  }
  const half = Number.isFinite(spacing) ? 0.35 * spacing : 0;
  return floors.map(([at, mib]) => ({ from: at - half, to: at + half, mib }));
}

/** Returns the corners of the area between the lowest and the highest line of the interval, as times and
 * memory. Both turn around the middle of the line. */
export function interval_area(line: NonNullable<Leak["line"]>): [number, number][] {
  const { t0, v0, t1, v1, low1, high1 } = line;
  if (low1 === null || high1 === null) return [];
  const level = (v0 + v1) / 2;
  const middle: [number, number] = [(t0 + t1) / 2, level];
  return [middle, [t1, low1], [t1, high1], middle, [t0, 2 * level - high1], [t0, 2 * level - low1]];
}

/** Returns whether the chart has anything to show of a leak. */
export function has_signs({ floors, line, level_mib, steps }: Leak): boolean {
  return floors.length > 0 || line !== null || level_mib !== null || steps.length > 0;
}

/** Returns what the chart shows of a leak; empty if it is nothing. */
export function leak_signs({ floors, line, level_mib, steps }: Leak): string {
  const signs: string[] = [];
  if (floors.length > 0) signs.push("Short lines in the chart are the floors.");
  const has_interval = line && line.low1 !== null && line.high1 !== null;
  if (line) signs.push(`The dashed line is the trend${has_interval ? " with its interval" : ""}.`);
  else if (level_mib !== null) signs.push("The dashed line is their level.");
  if (steps.length > 0) signs.push("Dotted lines are steps.");
  return signs.join(" ");
}
