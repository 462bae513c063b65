// The recording as mprofpp writes it into the page: this is the JSON, before its arrays are read.
// Times are seconds since the start of the recording, memory is in MiB, and null is unknown.

import type { Reference } from "./bytes.ts";

export interface Recording {
  format: number;
  title: string;
  file: string;
  command: string;
  host: string;
  version: string;
  /** Seconds since 1970. */
  start: number;
  first: number | null;
  last: number | null;
  interval: number | null;
  /** The metric of the recording's own figures. */
  metric: string;
  /** The metric of the first view, if it is another one. */
  shown?: string;
  metrics: string[];
  peak: RecordingPeak | null;
  samples: number;
  includes_children: boolean;
  losses: Losses;
  /** "columns" if some series are thinned: the first, last, smallest and largest sample of each column
   * stay. */
  resolution: { kind: "all" | "columns"; seconds: number | null };
  /** The page has this part of the recording only. */
  window?: [number, number] | null;
  run?: number;
  runs?: number;
  statistics?: Statistics | null;
  processes: ProcessData[];
  series: SeriesData[];
  strings: string[];
  calls: CallsData | null;
  lanes: LaneData[];
  functions: FunctionData[];
  calls_complete: boolean;
  marks: Mark[];
  marks_left_out?: number;
  processes_left_out?: number;
  titles_left_out?: number;
  functions_left_out?: number;
  lines_left_out?: number;
  events_left_out?: number;
  limits: Limit[];
  events: Event[];
  leak: Leak | null;
  lines: LineTable[];
}

export interface RecordingPeak {
  /** The highest sample; null if there was none. */
  mib: number | null;
  at: number | null;
  /** The kernel's high-water mark; with `at_least`, that of the largest process. */
  kernel_mib: number | null;
  /** The peak was higher than the samples. */
  at_least: boolean;
  /** The best bound of the peak that is known. */
  best_mib?: number | null;
}

export interface Losses {
  ticks: number | null;
  marks: number | null;
  processes: number | null;
  censuses: number | null;
  suspended_s: number | null;
  change_mib: number | null;
  damaged_lines: number | null;
}

export interface Statistics {
  mean_mib: number | null;
  end_mib: number | null;
  slope_mib_per_hour: number | null;
  growth_mib: number | null;
}

export interface ProcessData {
  pid: number;
  start: number | null;
  parent: number | null;
  name: string;
  command: string;
  titles: { at: number; text: string }[];
  first: number | null;
  last: number | null;
  exit: { at: number; status: string | number | null } | null;
  peak: { mib: number; at: number | null; kernel_mib: number | null } | null;
  mean: number | null;
  root: boolean;
  /** Its name in the still pictures, if it differs. */
  label?: string;
  /** The number of its colour in the still pictures; null has the colour of the rest. */
  hue?: number | null;
}

export interface SeriesData {
  /** Null is the total. */
  process: number | null;
  metric: string;
  /** Seconds of a column if it is thinned, else 0. */
  column?: number;
  strokes: { t: Reference; v: Reference }[];
}

export interface CallsData {
  n: number;
  name: Reference;
  process: Reference;
  lane: Reference;
  level: Reference;
  t0: Reference;
  t1: Reference;
  rss0: Reference;
  rss1: Reference;
  grown: Reference;
  flags: Reference;
  count: Reference;
  active: Reference;
}

export interface LaneData {
  process: number | null;
  kind: string;
  name: string;
  levels: number;
  left_out: number;
}

export interface FunctionData {
  name: number;
  calls: number;
  seconds: number;
  elapsed?: number;
  estimated?: boolean;
  added_mib: number | null;
  added_is_bound: boolean;
  largest_mib: number | null;
  peak_mib: number | null;
}

export interface Mark {
  at: number;
  process: number | null;
  text: string;
}

export interface Limit {
  at: number | null;
  what: string;
  mib: number;
  process: number | null;
}

export interface Event {
  kind: string;
  at: number;
  process: number | null;
  text: string;
}

export interface Leak {
  verdict: string;
  words: string;
  lines: string[];
  process: number | null;
  metric?: string;
  floors: [number, number][];
  line: { t0: number; v0: number; t1: number; v1: number; low1: number | null; high1: number | null } | null;
  steps: { at: number; mib: number }[];
  level_mib: number | null;
}

export interface LineTable {
  function: string;
  file: string;
  first_line: number;
  process: number | null;
  state?: string;
  rows: LineRow[];
  notes: string[];
}

export interface LineRow {
  line: number;
  count: number | null;
  max_mib: number | null;
  increment_mib: number | null;
  peak_mib: number | null;
  seconds: number | null;
  source: string | null;
}
