// The recording with its arrays, in the form in which the page asks for it.

import type { Arrays } from "./bytes.ts";
import type { Decoded } from "./decode.ts";
import type { CallsData, LaneData, ProcessData, Recording, SeriesData } from "./recording.ts";
import { Stroke, type Window } from "./stroke.ts";
import { share_tracks, type Track } from "./tracks.ts";

export interface Series {
  /** The index of its process; null is the total. */
  process: number | null;
  metric: string;
  /** Seconds of a column if it is thinned, else 0. */
  column: number;
  strokes: Stroke[];
}

export interface Process extends ProcessData {
  index: number;
  /** Its depth in the tree of processes. */
  depth: number;
  children: number[];
}

/** The calls, one array for each property, sorted by start. */
export interface Calls {
  n: number;
  name: Float64Array;
  process: Float64Array;
  lane: Float64Array;
  level: Float64Array;
  t0: Float64Array;
  t1: Float64Array;
  rss0: Float64Array;
  rss1: Float64Array;
  grown: Float64Array;
  flags: Float64Array;
  count: Float64Array;
  active: Float64Array;
}

export const OPEN = 1;
export const RAISED = 2;
export const REUSED = 4;
export const GROUPED = 8;

export class Model {
  readonly recording: Recording;
  readonly processes: Process[];
  /** The indices of processes, each after its parent. */
  readonly tree: number[];
  readonly series: Series[];
  readonly calls: Calls;
  readonly lanes: LaneData[];
  /** The rows of calls, and the one of each call. */
  readonly tracks: Track[];
  readonly track_of: Uint32Array;
  readonly #curves = new Map<string, Series>();
  /** The window that holds everything. */
  readonly whole: Window;

  constructor({ recording, arrays }: Decoded) {
    this.recording = recording;
    this.series = (recording.series ?? []).map((one) => series_of(one, arrays));
    this.calls = calls_of(recording.calls, arrays);
    this.lanes = recording.lanes ?? [];
    for (const one of [...this.series].reverse()) this.#curves.set(`${one.process} ${one.metric}`, one);
    this.processes = processes_of(recording.processes ?? []);
    this.tree = tree_of(this.processes);
    const pids = this.processes.map(({ pid }) => pid);
    const { tracks, of_call } = share_tracks(this.calls, this.lanes, pids);
    this.tracks = tracks;
    this.track_of = of_call;
    this.whole = this.#extent();
  }

  /** Seconds from the first to the last sample of the page. It is 0 if there is one sample only. */
  get length(): number {
    const { first, last, window } = this.recording;
    if (window || first === null || last === null) return this.whole.to - this.whole.from;
    return last - first;
  }

  get has_samples(): boolean {
    return this.series.some((one) => one.strokes.length > 0);
  }

  /** Returns the curve of a process, or of the total for null. */
  curve(process: number | null, metric: string): Series | undefined {
    const own = this.#curves.get(`${process} ${metric}`);
    const is_total = process !== null && this.processes[process]?.root && !this.recording.includes_children;
    return own ?? (is_total ? this.curve(null, metric) : undefined);
  }

  string(index: number): string {
    return this.recording.strings[index] ?? "?";
  }

  /** The processes of the recording, in the page or not. */
  get process_count(): number {
    return this.processes.length + (this.recording.processes_left_out ?? 0);
  }

  /** Returns the name and pid of a process. */
  label(index: number | null): string {
    const process = index === null ? undefined : this.processes[index];
    if (!process) return "unknown process";
    const pid = String(process.pid);
    return process.name.includes(pid) ? process.name : `${process.name} ${pid}`.trim();
  }

  #extent(): Window {
    const { first, last } = this.recording;
    let from = first ?? Number.POSITIVE_INFINITY;
    let to = last ?? Number.NEGATIVE_INFINITY;
    for (const { strokes } of this.series) {
      if (strokes.length === 0) continue;
      from = Math.min(from, strokes[0]!.first);
      to = Math.max(to, strokes.at(-1)!.last);
    }
    if (this.recording.window) [from, to] = this.recording.window;
    // an axis that starts just before zero would have no tick there
    if (from > 0 && from < 0.02 * (to - from) && !this.recording.window) from = 0;
    if (!(from <= to)) return { from: 0, to: 1 };
    // a recording of one sample has no length, and an axis needs one
    if (to - from > 1e-6) return { from, to };
    const start = from >= 0 ? Math.max(from - 0.5, 0) : from - 0.5;
    return { from: start, to: start + 1 };
  }
}

function series_of(data: SeriesData, arrays: Arrays): Series {
  const strokes = data.strokes.map(({ t, v }) => new Stroke(arrays.read(t), arrays.read(v)));
  return {
    process: data.process,
    metric: data.metric,
    column: data.column ?? 0,
    strokes: strokes.filter((stroke) => stroke.t.length > 0),
  };
}

function calls_of(data: CallsData | null, arrays: Arrays): Calls {
  const read = (key: Exclude<keyof CallsData, "n">) =>
    data && data.n > 0 ? arrays.read(data[key]) : new Float64Array(0);
  const calls: Calls = {
    n: data?.n ?? 0,
    name: read("name"),
    process: read("process"),
    lane: read("lane"),
    level: read("level"),
    t0: read("t0"),
    t1: read("t1"),
    rss0: read("rss0"),
    rss1: read("rss1"),
    grown: read("grown"),
    flags: read("flags"),
    count: read("count"),
    active: read("active"),
  };
  for (let i = 0; i < calls.n; ++i) {
    if (Number.isNaN(calls.grown[i]!)) calls.grown[i] = calls.rss1[i]! - calls.rss0[i]!;
    if (Number.isNaN(calls.active[i]!)) calls.active[i] = calls.t1[i]! - calls.t0[i]!;
  }
  return calls;
}

function processes_of(data: ProcessData[]): Process[] {
  const processes = data.map((one, index) => ({
    ...one,
    name: full_name(one),
    index,
    depth: 0,
    children: [] as number[],
  }));
  for (const process of processes) {
    const parent = process.parent === null ? undefined : processes[process.parent];
    if (parent && parent !== process) parent.children.push(process.index);
    else process.parent = null;
  }
  return processes;
}

/** The kernel cuts names after 15 bytes. Returns the whole name if the command has it. */
function full_name({ name, command, label }: ProcessData): string {
  if (label) return label;
  if (name.length < 15) return name || command;
  if (command.startsWith(name)) return command;
  const program = (command.split(" ")[0] ?? "").split("/").at(-1)!;
  return program.startsWith(name) ? program : name;
}

/** Returns the processes in the order of the tree, and sets their depth. Each is returned once, even if the
 * parents of a damaged recording form a circle. */
function tree_of(processes: Process[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const roots = processes.filter((process) => process.parent === null);
  for (const root of [...roots, ...processes]) {
    const waiting = [{ index: root.index, depth: 0 }];
    while (waiting.length > 0) {
      const { index, depth } = waiting.pop()!;
      if (seen.has(index)) continue;
      seen.add(index);
      order.push(index);
      const process = processes[index]!;
      process.depth = depth;
      for (const child of [...process.children].reverse()) waiting.push({ index: child, depth: depth + 1 });
    }
  }
  return order;
}
