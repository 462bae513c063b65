// Holds the view, and reports its changes once per frame. Everything on the page is drawn from here.

import type { Model } from "./model.ts";
import type { Window } from "./stroke.ts";
import type { View } from "./view.ts";
import { clamp, same } from "./window.ts";

/** Where the crosshair is, and the call under it. */
export interface Cursor {
  time: number | null;
  call: number | null;
}

type Listener = (changed: ReadonlySet<keyof View | "cursor">) => void;

export class Store {
  readonly model: Model;
  cursor: Cursor = { time: null, call: null };
  #view: View;
  readonly #listeners: Listener[] = [];
  readonly #changed = new Set<keyof View | "cursor">();
  readonly #back: Window[] = [];
  #frame = 0;

  constructor(model: Model, view: View) {
    this.model = model;
    this.#view = view;
  }

  get view(): View {
    return this.#view;
  }

  on_change(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Changes parts of the view. */
  set(change: Partial<View>): void {
    const next = { ...this.#view, ...change };
    for (const key of Object.keys(change) as (keyof View)[]) {
      if (next[key] !== this.#view[key]) this.#changed.add(key);
    }
    this.#view = next;
    this.#schedule();
  }

  /** Changes the window. */
  show(window: Window): void {
    const next = clamp(window, this.model.whole);
    if (!same(next, this.#view.window)) this.set({ window: next });
  }

  /** Changes the window, and remembers the present one for `back`. */
  go(window: Window): void {
    this.remember();
    this.show(window);
  }

  remember(): void {
    const { window } = this.#view;
    const last = this.#back.at(-1);
    if (!last || !same(last, window)) this.#back.push(window);
    if (this.#back.length > 100) this.#back.shift();
  }

  /** Shows the window before the last jump; everything if there was none. */
  back(): void {
    let window = this.#back.pop();
    while (window && same(window, this.#view.window)) window = this.#back.pop();
    this.show(window ?? this.model.whole);
  }

  point_at(cursor: Cursor): void {
    if (cursor.time === this.cursor.time && cursor.call === this.cursor.call) return;
    this.cursor = cursor;
    this.#changed.add("cursor");
    this.#schedule();
  }

  /** Hides a process, or shows it again. Null is the total. */
  toggle(process: number | null): void {
    if (process === null) {
      this.set({ total: this.#view.total === "shown" ? "hidden" : "shown" });
      return;
    }
    this.set({ hidden: toggled(this.#view.hidden, process) });
  }

  /** Shows one process only; if it is the only one already, shows all again. Null is the total. */
  solo(process: number | null): void {
    const others = new Set(this.model.processes.map(({ index }) => index));
    if (process !== null) others.delete(process);
    const total = process === null ? "shown" : "hidden";
    const is_alone = this.#view.hidden.size === others.size && this.#view.total === total;
    const is_this = process === null || !this.#view.hidden.has(process);
    if (is_alone && is_this) this.set({ hidden: new Set(), total: "shown" });
    else this.set({ hidden: others, total });
  }

  collapse(process: number): void {
    this.set({ collapsed: toggled(this.#view.collapsed, process) });
  }

  /** Shows all rows of calls of a process; -1 has those of which the process is unknown. */
  unfold(process: number): void {
    this.set({ unfolded: toggled(this.#view.unfolded, process) });
  }

  /** Makes a row of calls thin, or high again. */
  fold_lane(track: number): void {
    this.set({ folded_lanes: toggled(this.#view.folded_lanes, track) });
  }

  hide_lane(track: number): void {
    this.set({ hidden_lanes: toggled(this.#view.hidden_lanes, track) });
  }

  #schedule(): void {
    if (this.#frame || this.#changed.size === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const changed = new Set(this.#changed);
      this.#changed.clear();
      for (const listener of this.#listeners) listener(changed);
    });
  }
}

function toggled(set: ReadonlySet<number>, value: number): Set<number> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}
