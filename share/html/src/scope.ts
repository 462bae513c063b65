// The texts about what the page has of the recording: all of it, or the part that -w chose.

import { duration, time } from "./format.ts";
import type { Model } from "./model.ts";
import type { Window } from "./stroke.ts";
import { is_whole } from "./window.ts";

/** Returns "1.0 to 1.3 s". */
function span({ from, to }: Window): string {
  const [start, end] = [time(from, to - from), time(to, to - from)];
  return start.endsWith(" s") && end.endsWith(" s")
    ? `${start.slice(0, -2)} to ${end}`
    : `${start} to ${end}`;
}

/** Returns the sentence about a window that is visible. */
export function window_text({ recording, whole, length }: Model, window: Window): string {
  if (length === 0) return "The whole recording: one sample.";
  const all = duration(length);
  if (!is_whole(window, whole)) {
    const page = recording.window ? " in this page" : "";
    return `Visible window: ${span(window)} (${duration(window.to - window.from)} of ${all}${page}).`;
  }
  return recording.window
    ? `All of this page: ${span(whole)} of the recording.`
    : `The whole recording, ${all}.`;
}

/** Returns what a figure of everything in the page is of. */
export function scope_name({ recording, whole }: Model): string {
  return recording.window ? `the recording from ${span(whole)}` : "the whole recording";
}

/** Returns the option that makes mprofpp compute figures of what the page has; empty for everything. */
export function window_option({ recording }: Model): string {
  const number = (at: number) => String(Number(at.toFixed(6)));
  return recording.window ? ` -w ${recording.window.map(number).join(",")}` : "";
}
