// The rows below the chart: one for each process, and under it one for each of its lanes.

import type { Model } from "./model.ts";
import type { View } from "./view.ts";

export const BOX = 16;
const HEADER = 22;
const NOTE = 14;
const SPACE = 5;

export type Row = ProcessRow | LaneRow;

export interface ProcessRow {
  kind: "process";
  /** Null has the lanes of which the process is unknown. */
  process: number | null;
  lanes: number[];
  folded: boolean;
  top: number;
  height: number;
}

export interface LaneRow {
  kind: "lane";
  lane: number;
  process: number | null;
  levels: number;
  top: number;
  height: number;
  /** Calls that are not in the page. */
  left_out: number;
}

/** Returns the rows of the view from top to bottom. Hidden processes have none. */
export function rows_of(model: Model, view: View): Row[] {
  const lanes_of = new Map<number | null, number[]>();
  model.lanes.forEach(({ process }, lane) => {
    const owner = process !== null && model.processes[process] ? process : null;
    const known = lanes_of.get(owner);
    if (known) known.push(lane);
    else lanes_of.set(owner, [lane]);
  });
  const rows: Row[] = [];
  let top = 0;
  const add = (row: Row) => {
    rows.push(row);
    top += row.height;
  };
  const owners: (number | null)[] = model.tree.filter((index) => !view.hidden.has(index));
  if (lanes_of.has(null)) owners.push(null);
  for (const process of owners) {
    const lanes = lanes_of.get(process) ?? [];
    const folded = process !== null && view.collapsed.has(process);
    add({ kind: "process", process, lanes, folded, top, height: HEADER });
    if (folded) continue;
    for (const lane of lanes) add(lane_row(model, lane, process, top));
  }
  return rows;
}

function lane_row(model: Model, lane: number, process: number | null, top: number): LaneRow {
  const { levels, left_out } = model.lanes[lane]!;
  const shown = Math.min(Math.max(levels, 1), 500);
  const height = shown * BOX + SPACE + (left_out > 0 ? NOTE : 0);
  return { kind: "lane", lane, process, levels: shown, top, height, left_out };
}

export function height_of(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last ? last.top + last.height + SPACE : 0;
}
