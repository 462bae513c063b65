// Recordings for tests, made from fixed numbers.

import type { Recording } from "../src/recording.ts";
import { type Call, encode, Packer, pack_calls, pack_series } from "./encode.ts";

export interface Sample {
  recording: Recording;
  packer: Packer;
}

export function bytes_of({ recording, packer }: Sample): Uint8Array {
  return encode(recording, packer);
}

export function empty(): Sample {
  return {
    packer: new Packer(),
    recording: {
      format: 1,
      title: "./empty",
      file: "empty.dat",
      command: "./empty",
      host: "box",
      version: "0.1.0",
      start: 1_795_938_737,
      first: null,
      last: null,
      interval: 0.1,
      metric: "rss",
      metrics: [],
      peak: null,
      samples: 0,
      includes_children: true,
      losses: {
        ticks: 0,
        marks: 0,
        processes: 0,
        censuses: 0,
        suspended_s: 0,
        change_mib: null,
        damaged_lines: 0,
      },
      resolution: { kind: "all", seconds: null },
      window: null,
      processes: [],
      series: [],
      strings: [],
      calls: null,
      lanes: [],
      functions: [],
      calls_complete: true,
      marks: [],
      limits: [],
      events: [],
      leak: null,
      lines: [],
    },
  };
}

/** The same numbers on every machine. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function times(from: number, to: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}

function add_process(
  sample: Sample,
  pid: number,
  name: string,
  parent: number | null,
  from: number,
  to: number,
): number {
  const { processes, lanes } = sample.recording;
  processes.push({
    pid,
    start: null,
    parent,
    name,
    command: `/usr/bin/${name}`,
    titles: [],
    first: from,
    last: to,
    exit: null,
    peak: null,
    mean: null,
    root: parent === null,
  });
  lanes.push({ process: processes.length - 1, kind: "thread", name: "MainThread", levels: 2, left_out: 0 });
  return processes.length - 1;
}

function add_curve(
  sample: Sample,
  process: number | null,
  t: Float64Array,
  value: (at: number) => number,
): void {
  const v = t.map(value);
  const mib = Math.max(...v);
  const at = t[v.indexOf(mib)]!;
  sample.recording.series.push(pack_series(process, [{ t, v }], sample.packer));
  if (process === null) sample.recording.peak = { mib, at, kernel_mib: mib + 12.5, at_least: false };
  else {
    sample.recording.processes[process]!.peak = { mib, at, kernel_mib: mib + 1 };
    sample.recording.processes[process]!.mean = v.reduce((sum, one) => sum + one, 0) / v.length;
  }
}

/** A server with two workers for ten seconds: it has a bit of everything. */
export function server(): Sample {
  const sample = empty();
  const { recording, packer } = sample;
  Object.assign(recording, {
    title: "gunicorn -w 2 shop:app",
    command: "gunicorn -w 2 shop:app",
    file: "server.dat",
    first: 0,
    last: 10,
    samples: 101,
    metrics: ["rss", "pss"],
    strings: ["views.search", "models.load"],
    statistics: { mean_mib: 150, end_mib: 140, slope_mib_per_hour: null, growth_mib: 40 },
    marks: [{ at: 4, process: null, text: "deployed" }],
    limits: [{ at: 0, what: "memory.max", mib: 256, process: null }],
  });
  recording.losses = { ...recording.losses, ticks: 3 };
  const master = add_process(sample, 100, "master", null, 0, 10);
  const first = add_process(sample, 101, "worker", master, 0.5, 10);
  const second = add_process(sample, 102, "worker", master, 0.6, 9);
  recording.processes[first]!.titles = [
    { at: 0.5, text: "worker: booting" },
    { at: 3, text: "worker: ready" },
  ];
  const curves: [number, number, number, (at: number) => number][] = [
    [master, 0, 10, () => 30],
    [first, 0.5, 10, (at) => 40 + 4 * at + (Math.abs(at - 7.3) < 0.01 ? 60 : 0)],
    [second, 0.6, 9, (at) => 38 + 2 * at],
  ];
  for (const [process, from, to, value] of curves) add_curve(sample, process, times(from, to, 0.1), value);
  const total = (at: number) =>
    curves.reduce((sum, [, from, to, value]) => sum + (at >= from && at <= to ? value(at) : 0), 0);
  add_curve(sample, null, times(0, 10, 0.1), total);
  const t = times(0, 10, 1);
  const half = { t, v: t.map((at) => 0.7 * total(at)) };
  recording.series.push({ ...pack_series(null, [half], packer), metric: "pss" });
  add_server_calls(sample, [first, second]);
  recording.events = recording.processes.map(({ first: at }, process) => ({
    kind: "start",
    at: at!,
    process,
    text: "",
  }));
  recording.leak = {
    verdict: "leak",
    words: "worker 101 leaks 4.0 MiB/s",
    lines: ["The floors grow along a line."],
    process: first,
    metric: "rss",
    floors: [2, 4, 6, 8].map((at) => [at, 40 + 4 * at]),
    line: { t0: 2, v0: 48, t1: 10, v1: 80, low1: 76, high1: 84 },
    steps: [],
    level_mib: null,
  };
  recording.lines = [line_table()];
  return sample;
}

function line_table(): Recording["lines"][number] {
  const row = (line: number, source: string, increment_mib: number | null) => ({
    line,
    count: increment_mib === null ? null : 5,
    max_mib: increment_mib === null ? null : 60,
    increment_mib,
    peak_mib: null,
    seconds: null,
    source,
  });
  return {
    function: "load",
    file: "/srv/shop/models.py",
    first_line: 10,
    process: 1,
    state: "same",
    rows: [
      row(10, "@profile", null),
      row(11, "def load(key):", 0),
      row(12, "    rows.append(fetch(key))", 12.5),
    ],
    notes: [],
  };
}

function add_server_calls({ recording, packer }: Sample, workers: number[]): void {
  const calls: Call[] = [];
  for (const process of workers) {
    for (let i = 0; i < 16; ++i) {
      const t0 = 1 + 0.5 * i;
      const call = { process, lane: process, t0, t1: t0 + 0.4, rss0: 40 + 2 * i, rss1: 41 + 2 * i };
      calls.push({ ...call, name: 0, level: 0, flags: i === 15 ? 1 : i === 7 ? 2 : 0 });
      calls.push({ ...call, name: 1, level: 1, t0: t0 + 0.1, t1: t0 + 0.3 });
    }
  }
  recording.calls = pack_calls(calls, packer);
  recording.functions = [0, 1].map((name) => ({
    name,
    calls: 32,
    seconds: name === 0 ? 12.8 : 6.4,
    added_mib: 32,
    added_is_bound: false,
    largest_mib: 1,
    peak_mib: 72,
  }));
}

/** A long recording: a curve of `points` samples with one spike, `processes` processes and `calls` calls. */
export function large(points: number, processes: number, calls: number): Sample {
  const sample = empty();
  const { recording, packer } = sample;
  const next = random(7);
  const length = points / 10;
  Object.assign(recording, { title: "./large", first: 0, last: length, samples: points, metrics: ["rss"] });
  const root = add_process(sample, 1000, "root", null, 0, length);
  for (let i = 1; i < processes; ++i) add_process(sample, 1000 + i, `worker-${i}`, root, 0, length);
  const names = 40;
  recording.strings = Array.from({ length: names }, (_, i) => `module.function_${i}`);
  let level = 1000;
  const spike = Math.floor(points * 0.618);
  const t = times(0, length, length / (points - 1));
  add_curve_fast(sample, null, t, (i) => {
    level = Math.max(200, level + 4 * (next() - 0.5));
    return i === spike ? 4000 : level;
  });
  const some = times(0, length, length / 20_000);
  for (let i = 0; i < processes; ++i) {
    let own = 20 + 60 * next();
    add_curve_fast(sample, i, some, () => {
      own = Math.max(5, own + next() - 0.5);
      return own;
    });
  }
  const list: Call[] = [];
  const each = length / (calls / processes / 2);
  for (let i = 0; list.length < calls; ++i) {
    const process = i % processes;
    const t0 = Math.floor(i / processes) * each;
    const t1 = t0 + each * (0.2 + 0.7 * next());
    const rss0 = 50 + 10 * next();
    const call = {
      process,
      lane: process,
      name: Math.floor(names * next()),
      rss0,
      rss1: rss0 + 2 * next() - 0.5,
    };
    list.push(
      { ...call, level: 0, t0, t1 },
      { ...call, level: 1, t0: t0 + (t1 - t0) / 4, t1: t1 - (t1 - t0) / 4 },
    );
  }
  recording.calls = pack_calls(list, packer);
  recording.functions = recording.strings.map((_, name) => ({
    name,
    calls: Math.round(calls / names),
    seconds: 10,
    added_mib: name,
    added_is_bound: false,
    largest_mib: 2,
    peak_mib: 60,
  }));
  return sample;
}

/** A server with as many tasks, all of which run at the same time, and with processes that do little. It has
 * had more processes than the page. */
export function tasks(count: number, processes: number): Sample {
  const sample = large(200, processes, 0);
  const { recording, packer } = sample;
  recording.lanes = Array.from({ length: count }, (_, i) => ({
    process: 0,
    kind: "task",
    name: `task ${i}`,
    levels: 1,
    left_out: 0,
  }));
  recording.calls = pack_calls(
    recording.lanes.map((_, lane) => ({
      process: 0,
      lane,
      name: lane % 7,
      level: 0,
      t0: 1 + 0.01 * lane,
      t1: 15 + 0.005 * (lane % 100),
      rss0: 10,
      rss1: 11,
    })),
    packer,
  );
  recording.processes_left_out = 9001 - processes;
  return sample;
}

function add_curve_fast(
  sample: Sample,
  process: number | null,
  t: Float64Array,
  value: (i: number) => number,
): void {
  const v = t.map((_, i) => value(i));
  let best = 0;
  v.forEach((one, i) => {
    if (one > v[best]!) best = i;
  });
  const peak = { mib: v[best]!, at: t[best]!, kernel_mib: null };
  sample.recording.series.push(pack_series(process, [{ t, v }], sample.packer));
  if (process === null) sample.recording.peak = { ...peak, at_least: false };
  else Object.assign(sample.recording.processes[process]!, { peak, mean: v[0] });
}

/** Texts that would do something if they were markup, style or script. */
export const HOSTILE = [
  "</script><script>window.attacked = 1</script>",
  "<img src=x onerror='window.attacked = 2'>",
  "<template><b>x</b></template><svg onload='window.attacked = 3'>",
  "x; background: url(https://attack.example/) } body { display: none } </style><style>*{color:red}",
  "@RECORDING@ @TITLE@ javascript:window.attacked=5",
  `\u202Egnp.exe \u0000\u0007\u001b[31m\n${"long".repeat(2500)}`,
];

/** The server, with hostile text wherever a recording has text. */
export function hostile(): Sample {
  const sample = server();
  const { recording } = sample;
  const text = (i: number) => HOSTILE[i % HOSTILE.length]!;
  Object.assign(recording, {
    title: text(0),
    file: text(1),
    command: text(2),
    host: text(3),
    version: text(4),
  });
  recording.processes.forEach((process, i) => {
    Object.assign(process, {
      name: text(i),
      command: text(i + 1),
      titles: [0, 3].map((at) => ({ at, text: text(i + at) })),
    });
  });
  recording.strings = recording.strings.map((_, i) => text(i));
  for (const lane of recording.lanes) Object.assign(lane, { name: text(2), kind: text(3) });
  recording.marks = HOSTILE.map((_, i) => ({ at: 1 + i, process: i % 2 ? 1 : null, text: text(i) }));
  recording.limits = [{ at: 0, what: text(1), mib: 190, process: null }];
  Object.assign(recording.leak!, { verdict: text(3), words: text(1), lines: HOSTILE });
  for (const table of recording.lines) {
    Object.assign(table, { function: text(0), file: text(1), notes: HOSTILE });
    table.rows = table.rows.map((row, i) => ({ ...row, source: text(i) }));
  }
  return sample;
}
