// The keys of the page and what they do.

import type { App } from "./app.ts";
import type { Key } from "./keyboard.ts";
import { is_dark } from "./theme.ts";
import { COLOURS } from "./view.ts";
import { is_whole, pan, zoom } from "./window.ts";

export function keys_of(app: App): Key[] {
  return [...window_keys(app), ...cursor_keys(app), ...look_keys(app), ...table_keys(app)];
}

function key(keys: string[], shown: string, does: string, run: () => void): Key {
  return { keys, shown, does, run };
}

function window_keys(app: App): Key[] {
  const { store } = app;
  const resize = (factor: number) => () => {
    const { from, to } = store.view.window;
    const { time } = store.cursor;
    const middle = time !== null && time > from && time < to ? time : (from + to) / 2;
    store.show(zoom(store.view.window, middle, factor));
  };
  const move = (share: number) => () => store.show(pan(store.view.window, share));
  const show_all = () => store.go(store.model.whole);
  // else these keys scroll the page
  const is_free = () => !app.is_stacked && !is_whole(store.view.window, store.model.whole);
  return [
    key(["+", "=", "w"], "+  -  w  s", "zoom in and out", resize(0.6)),
    key(["-", "_", "s"], "", "zoom out", resize(1 / 0.6)),
    key(["ArrowLeft", "a"], "←  →  a  d", "move left and right", move(-0.15)),
    key(["ArrowRight", "d"], "", "move right", move(0.15)),
    { ...key(["PageUp"], "Page up  Page down", "move by a whole window", move(-1)), when: is_free },
    { ...key(["PageDown"], "", "move by a whole window", move(1)), when: is_free },
    key(["0"], "0  Home", "show everything", show_all),
    { ...key(["Home"], "", "show everything", show_all), when: is_free },
    key(["Backspace"], "Backspace", "go back to the window before", () => store.back()),
    key(["p"], "p", "zoom to the peak of the visible window", () => app.zoom_to_peak()),
    key(["n"], "n  N", "go to the next mark, to the mark before", () => to_mark(app, 1)),
    key(["N"], "", "go to the mark before", () => to_mark(app, -1)),
  ];
}

/** Moves the window to the next mark; the crosshair is at it. */
function to_mark(app: App, direction: 1 | -1): void {
  const { store } = app;
  const { from, to } = store.view.window;
  const now = store.cursor.time ?? (direction > 0 ? from : to);
  const times = store.model.recording.marks.map(({ at }) => at).sort((a, b) => a - b);
  const next =
    direction > 0 ? times.find((at) => at > now + 1e-9) : times.filter((at) => at < now - 1e-9).at(-1);
  if (next === undefined) return;
  if (next < from || next > to) store.show({ from: next - (to - from) / 2, to: next + (to - from) / 2 });
  app.point_at(next, null);
}

function cursor_keys(app: App): Key[] {
  const step = (pixels: number) => () => {
    const { from, to } = app.store.view.window;
    const now = app.store.cursor.time ?? (from + to) / 2;
    app.point_at(Math.min(Math.max(now + ((to - from) * pixels) / 400, from), to), null);
  };
  return [
    key([","], ",  .  <  >", "move the crosshair, a little or far", step(-1)),
    key(["."], "", "move the crosshair right", step(1)),
    key(["<"], "", "move it far left", step(-20)),
    key([">"], "", "move it far right", step(20)),
  ];
}

function look_keys({ store }: App): Key[] {
  const { calls, track_of } = store.model;
  /** Folds the process of the call that is pointed at; without one, all. */
  const fold = () => {
    const { call } = store.cursor;
    const own = call === null ? undefined : store.model.processes[calls.process[call]!];
    if (own) {
      store.collapse(own.index);
      return;
    }
    const all = store.model.processes.map(({ index }) => index);
    store.set({ collapsed: new Set(store.view.collapsed.size > 0 ? [] : all) });
  };
  const next_colour = () => {
    const next = (COLOURS.indexOf(store.view.colouring) + 1) % COLOURS.length;
    store.set({ colouring: COLOURS[next]! });
  };
  return [
    key(["c"], "c", "colour calls by process, function or growth", next_colour),
    key(["f"], "f", "fold the process of the call at the crosshair; without a call, all processes", fold),
    key(["h"], "h", "hide the row of the call at the crosshair", () => {
      if (store.cursor.call !== null) store.hide_lane(track_of[store.cursor.call]!);
    }),
    key(["z"], "z", "fit the memory axis, or start it at zero", () =>
      store.set({ axis: store.view.axis === "zero" ? "fit" : "zero" }),
    ),
    key(["l"], "l", "show or hide the floors and the line of the leak", () =>
      store.set({ leak: store.view.leak === "shown" ? "hidden" : "shown" }),
    ),
    key(["v"], "v", "show all curves and rows again", () =>
      store.set({ hidden: new Set(), hidden_lanes: new Set(), total: "shown", also: "shown" }),
    ),
    key(["t"], "t", "light or dark", () =>
      store.set({ theme: is_dark(store.view.theme) ? "light" : "dark" }),
    ),
  ];
}

function table_keys(app: App): Key[] {
  const { store } = app;
  const open = (place: number) => () => {
    const tab = app.panel.tabs()[place];
    if (tab) store.set({ tab });
  };
  const nothing = () => {
    app.point_at(null, null);
    store.set({ selected: null, query: "" });
  };
  const all = app.panel.tabs();
  const shown = `1 … ${all.length}`;
  const tabs = all.map((_, i) =>
    key([String(i + 1)], i === 0 ? shown : "", `show a table: ${all.join(", ")}`, open(i)),
  );
  return [
    ...tabs,
    key(["/"], "/", "search in the table", () => app.panel.focus_search()),
    key(["Escape"], "Esc", "end the search and the selection", nothing),
    key(["?"], "?", "show or hide this list", () => app.help()),
  ];
}
