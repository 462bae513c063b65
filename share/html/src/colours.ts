// The colours, which are those of the still pictures. theme.css has their values.

import type { Model, Process } from "./model.ts";

export interface Palette {
  ink: string;
  muted: string;
  grid: string;
  paper: string;
  rest: string;
  freed: string;
  neutral: string;
  added: string;
  alarm: string;
  numbered: string[];
}

const DISTINCT = 8;

/** Reads the colours of the present theme. */
export function read_palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    muted: colour("muted"),
    grid: colour("grid"),
    paper: colour("paper"),
    rest: colour("rest"),
    freed: colour("freed"),
    neutral: colour("neutral"),
    added: colour("added"),
    alarm: colour("alarm"),
    numbered: Array.from({ length: DISTINCT }, (_, i) => colour(`hue-${i}`)),
  };
}

/** The look of a process: the number of its colour, null for that of the rest. */
export interface Look {
  hue: number | null;
}

export function colour_of(look: Look, palette: Palette): string {
  return look.hue === null ? palette.rest : palette.numbered[look.hue % DISTINCT]!;
}

/** After the last colour they repeat with dashed lines. */
export function is_dashed(look: Look): boolean {
  return look.hue !== null && look.hue >= DISTINCT;
}

/** Returns the look of each process: that of the still pictures if the recording has it, else distinct
 * colours for the processes with the highest peaks, in the order of the file. */
export function looks_of(model: Model): Look[] {
  const { processes } = model;
  if (processes.some((process) => process.hue !== undefined)) {
    return processes.map(({ hue }) => ({ hue: Number.isInteger(hue) && hue! >= 0 ? hue! : null }));
  }
  const named = new Set(highest(processes, 2 * DISTINCT));
  let next = 0;
  return processes.map((process) => ({ hue: named.has(process) ? next++ : null }));
}

function highest(processes: Process[], n: number): Process[] {
  const peak = (process: Process) => process.peak?.mib ?? -1;
  return [...processes].sort((a, b) => Number(b.root) - Number(a.root) || peak(b) - peak(a)).slice(0, n);
}

/** Returns the look of each function, by the index of its name: the first ones have a colour. */
export function function_looks(model: Model): Map<number, Look> {
  return new Map(model.recording.functions.map(({ name }, i) => [name, { hue: i < DISTINCT ? i : null }]));
}

/** Returns a colour between freed (-1) and added (1). */
export function growth_colour(share: number, palette: Palette): string {
  if (!Number.isFinite(share)) return palette.neutral;
  return mix(share < 0 ? palette.freed : palette.added, palette.neutral, Math.min(Math.abs(share), 1));
}

/** Mixes `share` of `a` with the rest of `b`. Both are #rrggbb. */
export function mix(a: string, b: string, share: number): string {
  const channel = (text: string, i: number) => Number.parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(a, i) * share + channel(b, i) * (1 - share)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Returns black or white: the one that can be read better on that colour. */
export function text_on(colour: string): string {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
