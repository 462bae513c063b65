// Arithmetic of the visible window.

import type { Window } from "./stroke.ts";

/** The shortest window: a hundred microseconds, in which every call can be seen. */
const SHORTEST = 1e-4;

/** Moves and shortens a window so that it lies within `whole`. */
export function clamp(window: Window, whole: Window): Window {
  const length = Math.min(Math.max(window.to - window.from, SHORTEST), whole.to - whole.from);
  const from = Math.min(Math.max(window.from, whole.from), whole.to - length);
  return { from, to: from + length };
}

/** Makes a window `factor` times as long; `time` keeps its place in it. */
export function zoom(window: Window, time: number, factor: number): Window {
  return { from: time - (time - window.from) * factor, to: time + (window.to - time) * factor };
}

/** Moves a window by a share of its length. */
export function pan(window: Window, share: number): Window {
  const step = (window.to - window.from) * share;
  return { from: window.from + step, to: window.to + step };
}

/** Returns the window around a call or another span, with some space on both sides. */
export function around(from: number, to: number): Window {
  const space = Math.max((to - from) * 0.08, SHORTEST / 2);
  return { from: from - space, to: to + space };
}

export function is_whole(window: Window, whole: Window): boolean {
  const tolerance = (whole.to - whole.from) * 1e-9;
  return Math.abs(window.from - whole.from) <= tolerance && Math.abs(window.to - whole.to) <= tolerance;
}

export function same(a: Window, b: Window): boolean {
  return a.from === b.from && a.to === b.to;
}
