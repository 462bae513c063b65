// The lanes of calls below the chart: a canvas as large as the visible part, over a scroll area as high
// as all rows.

import { CallIndex, type Level } from "./call_index.ts";
import { colour_of, function_looks, growth_colour, type Look, type Palette, text_on } from "./colours.ts";
import { element, Sheet } from "./dom.ts";
import { count, counted, shorten } from "./format.ts";
import { TimeAxis } from "./geometry.ts";
import {
  BOX,
  height_of,
  type LaneRow,
  type ProcessRow,
  type RestRow,
  type Row,
  row_at,
  rows_of,
  THIN,
} from "./lane_rows.ts";
import { GROUPED, type Model, OPEN, RAISED } from "./model.ts";
import { split_name } from "./names.ts";
import type { Store } from "./store.ts";
import { multiples, time_step } from "./ticks.ts";

const FONT = "11px system-ui, sans-serif";
const SMALL = "10px system-ui, sans-serif";
/** Pixels that a letter of FONT needs, about. */
const LETTER = 6.1;
const FADED = 0.16;
/** The height of a picture on paper, in CSS pixels: a page has space for it. */
const PAPER_HEIGHT = 620;
const MOST_PAPERS = 5;

/** What is at a place of the lanes. */
export interface Hit {
  row: Row | undefined;
  call: number | undefined;
}

export class Lanes {
  readonly #store: Store;
  readonly #host: HTMLElement;
  readonly #looks: Look[];
  readonly #functions: Map<number, Look>;
  readonly #screen: Sheet;
  /** What is drawn on: the screen, or paper. */
  #sheet: Sheet;
  readonly #height: HTMLElement;
  readonly #all: CallIndex;
  readonly #largest: number;
  #selected: { name: string; index: CallIndex } | undefined;
  #palette: Palette;
  #rows: Row[] = [];
  #labels: { text: string; x: number; y: number; colour: string }[] = [];

  constructor(store: Store, host: HTMLElement, looks: Look[], palette: Palette) {
    const { model } = store;
    this.#store = store;
    this.#host = host;
    this.#looks = looks;
    this.#palette = palette;
    this.#functions = function_looks(model);
    this.#all = new CallIndex(model);
    this.#largest = largest_growth(model);
    this.#screen = new Sheet(
      element("canvas", { class: "lanes_canvas", attributes: { "aria-hidden": "true" } }),
    );
    this.#sheet = this.#screen;
    this.#height = element("div", { class: "lanes_height" });
    host.append(this.#screen.canvas, this.#height);
    host.addEventListener("scroll", () => this.draw(), { passive: true });
    this.layout();
  }

  /** Whether there is anything to show. */
  get has_rows(): boolean {
    return this.#store.model.processes.length > 0 || this.#store.model.lanes.length > 0;
  }

  get height(): number {
    return height_of(this.#rows);
  }

  use(palette: Palette): void {
    this.#palette = palette;
    this.draw();
  }

  /** Computes the rows again, when processes are hidden or folded. */
  layout(): void {
    this.#rows = rows_of(this.#store.model, this.#store.view);
    this.#height.style.height = `${this.height}px`;
  }

  resize(width: number): void {
    this.#sheet.resize(width, this.#host.clientHeight);
    this.draw();
  }

  /** Scrolls so that a call is visible. */
  reveal(call: number): void {
    const { calls, track_of } = this.#store.model;
    const row = this.#rows.find((one) => one.kind === "lane" && one.track === track_of[call]);
    if (!row) return;
    const top = row.top + calls.level[call]! * BOX;
    const { scrollTop, clientHeight } = this.#host;
    if (top < scrollTop) this.#host.scrollTop = top;
    else if (top + 2 * BOX > scrollTop + clientHeight) this.#host.scrollTop = top + 2 * BOX - clientHeight;
  }

  /** Returns what is at a place, in CSS pixels from the visible top left. */
  hit(x: number, y: number): Hit {
    const down = y + this.#host.scrollTop;
    const near = this.#rows[row_at(this.#rows, down)];
    const row = near && down < near.top + near.height ? near : undefined;
    const axis = this.#axis();
    if (row?.kind !== "lane" || row.folded || x < axis.left) return { row, call: undefined };
    const level = this.#all.levels(row.track)[Math.floor((down - row.top) / BOX)];
    return { row, call: level?.find(axis.time(x), axis.seconds(3)) };
  }

  /** Returns the call next to another: before or after it, around it or within it. */
  neighbour(call: number, direction: "before" | "after" | "around" | "within"): number | undefined {
    const { calls, track_of } = this.#store.model;
    const levels = this.#all.levels(track_of[call]!);
    const own = Math.min(calls.level[call]!, 500);
    if (direction === "around") return levels[own - 1]?.find(calls.t0[call]!, 0);
    if (direction === "within")
      return levels[own + 1]?.find(calls.t0[call]!, calls.t1[call]! - calls.t0[call]!);
    const level = levels[own]!;
    return level.calls[level.place(call) + (direction === "after" ? 1 : -1)];
  }

  /** Returns the first call in the window, where the keyboard starts. */
  first_visible(): number | undefined {
    for (const row of this.#rows) {
      if (row.kind !== "lane") continue;
      const { from, to } = this.#store.view.window;
      const found = this.#all.levels(row.track)[0]?.find((from + to) / 2, to - from);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  draw(): void {
    if (this.#screen.width < 1) return;
    this.#sheet = this.#screen;
    this.#sheet.clear();
    this.#draw_grid();
    this.#draw_rows(this.#host.scrollTop);
  }

  /** Returns all rows as pictures for paper, and how many rows are on none of them. */
  papers(width: number): { pictures: HTMLElement[]; rest: number } {
    const pictures: HTMLElement[] = [];
    let first = 0;
    while (first < this.#rows.length && pictures.length < MOST_PAPERS) {
      const top = this.#rows[first]!.top;
      let end = first + 1;
      const bottom = (row: Row) => row.top + row.height - top;
      while (end < this.#rows.length && bottom(this.#rows[end]!) <= PAPER_HEIGHT) ++end;
      const height = Math.min(bottom(this.#rows[end - 1]!) + 4, PAPER_HEIGHT);
      this.#sheet = new Sheet(element("canvas", { class: "paper_lanes" }));
      this.#sheet.resize(width, height);
      this.#draw_grid();
      this.#draw_rows(top);
      pictures.push(this.#sheet.canvas);
      first = end;
    }
    this.#sheet = this.#screen;
    return { pictures, rest: this.#rows.length - first };
  }

  #draw_rows(top: number): void {
    const bottom = top + this.#sheet.height;
    for (let i = row_at(this.#rows, top); i < this.#rows.length; ++i) {
      const row = this.#rows[i]!;
      if (row.top >= bottom) break;
      if (row.kind === "process") this.#draw_process(row, row.top - top);
      else if (row.kind === "lane") this.#draw_lane(row, row.top - top);
      else this.#draw_rest(row, row.top - top);
    }
  }

  #axis(): TimeAxis {
    return new TimeAxis(this.#sheet.width, this.#store.view.window);
  }

  #draw_grid(): void {
    const { ink, height } = this.#sheet;
    const axis = this.#axis();
    const { from, to } = axis.window;
    ink.fillStyle = this.#palette.grid;
    for (const tick of multiples(time_step((to - from) / Math.max(axis.width / 90, 1)), from, to)) {
      ink.fillRect(Math.round(axis.x(tick)), 0, 1, height);
    }
  }

  /** A process: its name, and the time in which it was seen with the titles that it had. */
  #draw_process(row: ProcessRow, y: number): void {
    const { ink } = this.#sheet;
    const { model } = this.#store;
    const axis = this.#axis();
    const process = row.process === null ? undefined : model.processes[row.process];
    ink.font = FONT;
    ink.textBaseline = "middle";
    if (row.tracks.length > 0) this.#draw_arrow(row.folded, y);
    const indent = Math.min(process?.depth ?? 0, 6) * 3;
    ink.fillStyle = this.#palette.muted;
    ink.textAlign = "left";
    ink.fillText(process ? String(process.pid) : "?", 16 + indent, y + 10);
    const colour = process ? colour_of(this.#looks[process.index]!, this.#palette) : this.#palette.rest;
    const from = process?.first ?? axis.window.from;
    const to = process?.last ?? axis.window.to;
    if (to < axis.window.from || from > axis.window.to) {
      this.#write(process?.name ?? model.label(null), axis.left + 3, y + 9, this.#palette.muted);
      return;
    }
    ink.fillStyle = colour;
    ink.fillRect(axis.clamped(from), y + 17, Math.max(axis.clamped(to) - axis.clamped(from), 1), 3);
    if (row.folded) this.#draw_thin(row.tracks, y + 2, 14);
    this.#draw_names(row, axis, y);
    if (row.hidden > 0) this.#draw_hidden(row.hidden, axis, y);
  }

  #draw_arrow(folded: boolean, y: number): void {
    const { ink } = this.#sheet;
    ink.fillStyle = this.#palette.muted;
    ink.beginPath();
    const corners = folded ? [5, 6, 11, 10, 5, 14] : [4, 7, 12, 7, 8, 13];
    for (let i = 0; i < 6; i += 2) ink.lineTo(corners[i]!, y + corners[i + 1]!);
    ink.fill();
  }

  /** The name of a process, or each of its titles where it had it. */
  #draw_names({ process: index }: ProcessRow, axis: TimeAxis, y: number): void {
    const { model } = this.#store;
    const process = index === null ? undefined : model.processes[index];
    const titles = process?.titles ?? [];
    const start = Math.max(axis.x(process?.first ?? axis.window.from), axis.left);
    if (titles.length < 2) {
      const name = titles[0]?.text ?? process?.name ?? model.label(null);
      this.#write(name, Math.min(start + 3, axis.right - 60), y + 9, this.#palette.ink);
      return;
    }
    titles.forEach(({ at, text }, i) => {
      const begin = Math.max(axis.x(at), axis.left);
      const end = i + 1 < titles.length ? axis.x(titles[i + 1]!.at) : axis.x(process?.last ?? axis.window.to);
      if (end < axis.left || begin > axis.right) return;
      this.#sheet.ink.fillStyle = this.#palette.ink;
      if (begin > axis.left) this.#sheet.ink.fillRect(begin, y + 13, 1, 8);
      const letters = Math.floor((Math.min(end, axis.right) - begin - 8) / LETTER);
      if (letters > 3) this.#write(shorten(text, letters), begin + 4, y + 9, this.#palette.ink);
    });
  }

  /** Writes a text with a margin of paper, so that it can be read on grid lines. */
  #write(text: string, x: number, y: number, colour: string): void {
    const { ink } = this.#sheet;
    ink.textAlign = "left";
    ink.lineJoin = "round";
    ink.lineWidth = 3;
    ink.strokeStyle = this.#palette.paper;
    const short = shorten(text, 120);
    ink.strokeText(short, x, y);
    ink.fillStyle = colour;
    ink.fillText(short, x, y);
  }

  #draw_hidden(hidden: number, axis: TimeAxis, y: number): void {
    const text = `${counted(hidden, "row")} hidden`;
    this.#write(text, axis.right - this.#sheet.ink.measureText(text).width - 4, y + 9, this.#palette.muted);
  }

  /** The outer calls of tracks in one line. */
  #draw_thin(tracks: readonly number[], y: number, height: number): void {
    const { ink } = this.#sheet;
    const axis = this.#axis();
    ink.globalAlpha = 0.5;
    for (const track of tracks) {
      for (const level of this.#all.levels(track).slice(0, 1)) {
        level.visit(axis.window, axis.seconds(1), (call, t0, t1) => {
          ink.fillStyle = this.#colour(call);
          const x = axis.clamped(t0);
          ink.fillRect(x, y, Math.max(axis.clamped(t1) - x, 1), height);
        });
      }
    }
    ink.globalAlpha = 1;
  }

  /** The tracks for which there are too many: their calls in one line, and how many they are. */
  #draw_rest(row: RestRow, y: number): void {
    this.#draw_arrow(true, y);
    this.#draw_thin(row.tracks.slice(0, 200), y + 3, 14);
    this.#sheet.ink.font = FONT;
    this.#sheet.ink.textBaseline = "middle";
    this.#write(row.text, this.#axis().left + 3, y + 10, this.#palette.ink);
  }

  #draw_lane(row: LaneRow, y: number): void {
    const { model, view } = this.#store;
    const { ink } = this.#sheet;
    const track = model.tracks[row.track]!;
    if (row.folded) {
      this.#draw_thin([row.track], y, THIN);
      return;
    }
    ink.font = SMALL;
    ink.textBaseline = "middle";
    ink.textAlign = "left";
    ink.fillStyle = this.#palette.muted;
    const axis = this.#axis();
    const name = track.name || (track.lanes === 0 || track.group !== row.track ? "" : track.kind);
    const letters = Math.floor((axis.left - 12) / 5.2);
    // on a narrow screen, the number of a thread says more than that it is one
    const short = name.length > letters ? name.slice(name.lastIndexOf(" ") + 1) : name;
    ink.fillText(shorten(short, letters), 10, y + BOX / 2);
    ink.save();
    ink.beginPath();
    ink.rect(axis.left, y, axis.width, row.height);
    ink.clip();
    ink.font = FONT;
    ink.globalAlpha = view.selected === null ? 1 : FADED;
    this.#draw_levels(this.#all.levels(row.track), axis, y);
    ink.globalAlpha = 1;
    if (view.selected !== null) this.#draw_levels(this.#index_of(view.selected).levels(row.track), axis, y);
    if (row.left_out > 0) {
      const are = row.left_out === 1 ? "is" : "are";
      const whose = track.name || "this lane";
      const text = `${counted(row.left_out, "short call")} of ${whose} ${are} not in the page`;
      this.#write(text, axis.left + 3, y + row.levels * BOX + 8, this.#palette.muted);
    }
    ink.restore();
  }

  #draw_levels(levels: readonly Level[], axis: TimeAxis, y: number): void {
    const top = -y / BOX;
    const bottom = (this.#sheet.height - y) / BOX;
    levels.forEach((level, i) => {
      if (i + 1 < top || i > bottom) return;
      level.visit(axis.window, axis.seconds(1), (call, t0, t1) =>
        this.#draw_call(call, t0, t1, axis, y + i * BOX),
      );
    });
    this.#draw_labels();
  }

  #draw_call(call: number, t0: number, t1: number, axis: TimeAxis, y: number): void {
    const { ink } = this.#sheet;
    const left = axis.clamped(t0);
    // a pixel between neighbours keeps them apart
    const width = Math.max(axis.clamped(t1) - left - (t1 - t0 > axis.seconds(4) ? 1 : 0), 1);
    const colour = this.#colour(call);
    ink.fillStyle = colour;
    ink.fillRect(left, y + 1, width, BOX - 2);
    if (width > 3) this.#draw_flags(call, left, width, y);
    if (this.#store.cursor.call === call) {
      ink.strokeStyle = this.#palette.ink;
      ink.lineWidth = 1.5;
      ink.strokeRect(left + 0.5, y + 1.5, Math.max(width - 1, 2), BOX - 3);
    }
    if (width < 26) return;
    const text = this.#text(call, Math.floor((width - 6) / LETTER));
    this.#labels.push({ text, x: left + 3, y: y + BOX / 2 + 0.5, colour: text_on(colour) });
  }

  /** Writes the texts of a lane on top of all of its boxes. Groups of short calls may overlap: the first text
   * stays readable. */
  #draw_labels(): void {
    const { ink } = this.#sheet;
    ink.textAlign = "left";
    const ends = new Map<number, number>();
    for (const { text, x, y, colour } of this.#labels) {
      if (x < (ends.get(y) ?? 0)) continue;
      ends.set(y, x + text.length * LETTER);
      ink.fillStyle = colour;
      ink.fillText(text, x, y);
    }
    this.#labels = [];
  }

  /** A call that did not end has an open right side; one that ended by an exception has a bar there. */
  #draw_flags(call: number, left: number, width: number, y: number): void {
    const { ink } = this.#sheet;
    const flags = this.#store.model.calls.flags[call]!;
    if (flags & RAISED) {
      ink.fillStyle = this.#palette.alarm;
      ink.fillRect(left + width - 2, y + 1, 2, BOX - 2);
    }
    if (flags & OPEN) {
      ink.fillStyle = this.#palette.paper;
      for (let i = 0; i < 3; ++i) ink.fillRect(left + width - 3, y + 3 + 4 * i, 3, 2);
    }
  }

  #text(call: number, letters: number): string {
    const { model } = this.#store;
    const { calls } = model;
    const name = model.string(calls.name[call]!);
    if ((calls.flags[call]! & GROUPED) === 0) return fitted(name, letters);
    const times = ` ×${count(calls.count[call])}`;
    const short = fitted(name, letters - times.length);
    return short.endsWith("…") ? fitted(name, letters) : short + times;
  }

  #colour(call: number): string {
    const { model, view } = this.#store;
    const { calls } = model;
    if (view.colouring === "growth") return growth_colour(calls.grown[call]! / this.#largest, this.#palette);
    const look =
      view.colouring === "function"
        ? this.#functions.get(calls.name[call]!)
        : this.#looks[calls.process[call]!];
    return colour_of(look ?? { hue: null }, this.#palette);
  }

  #index_of(name: string): CallIndex {
    if (this.#selected?.name !== name) {
      const { model } = this.#store;
      const wanted = (call: number) => model.string(model.calls.name[call]!) === name;
      this.#selected = { name, index: new CallIndex(model, wanted) };
    }
    return this.#selected.index;
  }
}

/** Returns the name of a function in so many letters: without its module if it is too long, else its
 * start. */
export function fitted(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const [, own] = split_name(name);
  return own.length <= letters ? own : `${own.slice(0, Math.max(letters - 1, 1))}…`;
}

function largest_growth({ calls }: Model): number {
  let largest = 1e-9;
  for (let i = 0; i < calls.n; ++i) {
    const size = Math.abs(calls.grown[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}
