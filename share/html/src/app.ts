// Connects the parts of the page: the view is changed by gestures, keys and controls, and everything
// that shows the view is drawn from it.

import { Chart, highest_of } from "./chart.ts";
import { looks_of, read_palette } from "./colours.ts";
import { Crosshair } from "./crosshair.ts";
import { by_id, element } from "./dom.ts";
import { counted } from "./format.ts";
import { TimeAxis } from "./geometry.ts";
import { Gestures } from "./gestures.ts";
import { fill_header } from "./header.ts";
import { fill_help, type Key, listen } from "./keyboard.ts";
import { keys_of } from "./keys.ts";
import { key_of } from "./lane_rows.ts";
import { Lanes } from "./lanes.ts";
import type { Model } from "./model.ts";
import { Overview } from "./overview.ts";
import { call_text, cursor_text } from "./readout.ts";
import { Store } from "./store.ts";
import { Panel } from "./tables/panel.ts";
import { apply_theme, prefers_dark } from "./theme.ts";
import { Toolbar } from "./toolbar.ts";
import { from_hash, to_hash, type View } from "./view.ts";
import { around } from "./window.ts";

/** Less height than this has no space for a chart. */
const LEAST_CHART = 170;
/** The width of paper in landscape, in CSS pixels. */
const PAPER = 1020;
const PAPER_CHART = 330;

type Changes = ReadonlySet<keyof View | "cursor">;

export class App {
  readonly store: Store;
  readonly chart: Chart;
  readonly lanes: Lanes;
  readonly panel: Panel;
  readonly #overview: Overview;
  readonly #crosshair: Crosshair;
  readonly #toolbar: Toolbar;
  readonly #plots = by_id("plots");
  readonly #chart_host = by_id("chart");
  readonly #lanes_host = by_id("lanes");
  readonly #help = by_id("help") as HTMLDialogElement;
  #hash_timer = 0;
  #announce_timer = 0;
  #written_hash = "";
  #paper: HTMLElement | undefined;

  constructor(model: Model) {
    this.store = new Store(model, from_hash(location.hash, model));
    apply_theme(this.store.view.theme);
    const palette = read_palette();
    const looks = looks_of(model);
    this.chart = new Chart(this.store, this.#chart_host, looks, palette);
    this.lanes = new Lanes(this.store, this.#lanes_host, looks, palette);
    this.#overview = new Overview(this.store, by_id("overview"), palette);
    this.#crosshair = new Crosshair(this.store, this.chart);
    this.panel = new Panel(this.store, by_id("tables"), looks, palette);
    this.chart.rebuild();
    this.#toolbar = new Toolbar(this.store, this.chart, by_id("toolbar"), () => this.help());
    fill_header(by_id("header"), model);
  }

  start(): void {
    this.#layout();
    this.#toolbar.draw();
    this.store.on_change((changed) => this.#draw(changed));
    new ResizeObserver(() => this.#layout()).observe(by_id("pictures"));
    window.addEventListener("hashchange", () => this.#read_hash());
    prefers_dark().addEventListener("change", () => this.#use_theme());
    window.addEventListener("beforeprint", () => this.#to_paper());
    window.addEventListener("afterprint", () => this.#to_screen());
    this.#listen_to(this.#chart_host, false);
    this.#listen_to(this.#lanes_host, true);
    document.addEventListener("pointerdown", (event) => {
      if (!this.#plots.contains(event.target as Node)) this.point_at(null, null);
    });
    const keys = keys_of(this);
    listen(keys);
    this.#lanes_host.addEventListener("keydown", (event) => this.#walk(event));
    this.#make_help(keys);
    this.#describe();
  }

  /** Whether the tables are below the pictures, on a page that scrolls. */
  get is_stacked(): boolean {
    return getComputedStyle(by_id("page")).getPropertyValue("--stacked").trim() === "1";
  }

  help(): void {
    if (this.#help.open) this.#help.close();
    else this.#help.showModal();
  }

  /** Zooms to a call. */
  zoom_to(call: number): void {
    const { calls } = this.store.model;
    this.store.go(around(calls.t0[call]!, calls.t1[call]!));
  }

  /** Moves the crosshair to the highest visible sample, and shows its surroundings. */
  zoom_to_peak(): void {
    const { view } = this.store;
    const peak = highest_of(this.chart.visible_curves(), view.window);
    if (!peak) return;
    const eighth = (view.window.to - view.window.from) / 8;
    this.store.go({ from: peak.at - eighth, to: peak.at + eighth });
    this.point_at(peak.at, null);
  }

  /** Moves the crosshair without a pointer, and announces what is there. */
  point_at(time: number | null, call: number | null): void {
    this.#crosshair.follow(undefined);
    this.store.point_at({ time, call });
    window.clearTimeout(this.#announce_timer);
    if (call !== null) by_id("announcer").textContent = call_text(this.store, call);
    else this.#announce_timer = window.setTimeout(() => this.#announce_cursor(), 400);
  }

  /** A key that is held moves the crosshair faster than anybody can listen, so only its rest is announced. */
  #announce_cursor(): void {
    by_id("announcer").textContent = cursor_text(this.store);
  }

  #draw(changed: Changes): void {
    const has = (...keys: (keyof View | "cursor")[]) => keys.some((key) => changed.has(key));
    if (has("theme")) this.#use_theme();
    const has_rows = has("hidden", "collapsed", "unfolded", "folded_lanes", "hidden_lanes");
    if (has_rows) {
      this.lanes.layout();
      this.#layout();
    }
    if (has("metric")) {
      this.chart.rebuild();
      this.#overview.draw();
    } else if (has("hidden", "total", "also", "axis", "leak")) {
      this.chart.draw();
    } else if (has("window")) {
      this.chart.move();
    }
    if (has_rows || has("window", "colouring", "selected", "cursor")) this.lanes.draw();
    if (has("window")) this.#overview.move();
    if (has("window", "cursor")) this.#crosshair.draw();
    if (has("window")) this.#toolbar.move();
    if (has("hidden", "total", "also", "axis", "leak", "metric", "colouring", "theme")) this.#toolbar.draw();
    if (has("window")) this.panel.draw_soon();
    if (has("hidden", "tab", "sorts", "query", "selected", "metric", "theme")) this.panel.draw();
    if (has("cursor")) this.panel.update_cursor();
    if (!changed.has("cursor") || changed.size > 1) this.#write_hash_soon();
  }

  /** Gives the chart and the lanes their heights, and everything its width. */
  #layout(): void {
    const width = this.#paper ? PAPER : this.#plots.clientWidth;
    if (width < 50) return;
    const wanted = this.lanes.has_rows ? this.lanes.height : 0;
    if (this.#paper) {
      this.#chart_host.style.height = `${PAPER_CHART}px`;
      this.chart.resize(width, PAPER_CHART);
      return;
    }
    const space = this.is_stacked ? 300 + Math.min(wanted, 380) : this.#plots.clientHeight;
    const lanes = Math.min(wanted, Math.max(space * 0.55, 60), Math.max(space - LEAST_CHART, 60));
    const chart = Math.max(space - lanes, LEAST_CHART);
    this.#chart_host.style.height = `${chart}px`;
    this.#lanes_host.style.height = `${lanes}px`;
    this.#lanes_host.hidden = wanted === 0;
    this.chart.resize(width, chart);
    this.lanes.resize(width);
    this.#overview.resize(width);
    this.#crosshair.draw();
  }

  #listen_to(host: HTMLElement, is_lanes: boolean): void {
    const { store } = this;
    const axis = () => this.#axis();
    const scrolls = () => is_lanes && host.scrollHeight > host.clientHeight + 2;
    const hover = (x: number, y: number, event: PointerEvent) => {
      const place = axis();
      const { call, row } = is_lanes ? this.lanes.hit(x, y) : { call: undefined, row: undefined };
      const is_label = row !== undefined && (row.kind !== "lane" || row.folded || x < place.left);
      host.classList.toggle("can_click", call !== undefined || is_label);
      this.#crosshair.follow({ x: event.clientX, y: event.clientY });
      const is_inside = x >= place.left && x <= place.right;
      store.point_at({ time: is_inside ? place.time(x) : null, call: call ?? null });
    };
    const leave = () => store.point_at({ time: null, call: null });
    const click = (x: number, y: number, event: MouseEvent) => is_lanes && this.#click_lanes(x, y, event);
    new Gestures({ store, host, axis, select: (range) => this.#select(range), hover, leave, click, scrolls });
  }

  #click_lanes(x: number, y: number, event: MouseEvent): void {
    const { store } = this;
    const { row, call } = this.lanes.hit(x, y);
    if (call !== undefined) {
      this.zoom_to(call);
    } else if (row?.kind === "rest") {
      store.unfold(key_of(row.process));
    } else if (row?.kind === "process" && row.process !== null) {
      if (event.shiftKey) store.solo(row.process);
      else if (row.tracks.length > 0) store.collapse(row.process);
    } else if (row?.kind === "lane" && (row.folded || x < this.#axis().left)) {
      if (event.altKey || event.shiftKey) store.hide_lane(row.track);
      else store.fold_lane(row.track);
    }
  }

  #axis(): TimeAxis {
    return new TimeAxis(this.#plots.clientWidth, this.store.view.window);
  }

  #select(range: [number, number] | null): void {
    const selection = by_id("selection");
    selection.hidden = range === null;
    if (!range) return;
    const axis = this.#axis();
    const within = (x: number) => Math.min(Math.max(x, axis.left), axis.right);
    const [left, right] = [within(Math.min(...range)), within(Math.max(...range))];
    selection.style.left = `${left}px`;
    selection.style.width = `${right - left}px`;
  }

  /** The arrows walk from call to call when the lanes have the focus; Enter zooms. */
  #walk(event: KeyboardEvent): void {
    const { cursor, model } = this.store;
    const directions = {
      ArrowLeft: "before",
      ArrowRight: "after",
      ArrowUp: "around",
      ArrowDown: "within",
    } as const;
    const direction = directions[event.key as keyof typeof directions];
    if (event.key === "Enter" && cursor.call !== null) {
      event.preventDefault();
      this.zoom_to(cursor.call);
      return;
    }
    if (!direction || model.calls.n === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next =
      cursor.call === null ? this.lanes.first_visible() : this.lanes.neighbour(cursor.call, direction);
    if (next === undefined) return;
    this.lanes.reveal(next);
    this.#bring_into_window(next);
    this.point_at((model.calls.t0[next]! + model.calls.t1[next]!) / 2, next);
  }

  #bring_into_window(call: number): void {
    const { calls } = this.store.model;
    const { from, to } = this.store.view.window;
    const middle = (calls.t0[call]! + calls.t1[call]!) / 2;
    if (middle >= from && middle <= to) return;
    this.store.show({ from: middle - (to - from) / 2, to: middle + (to - from) / 2 });
  }

  #use_theme(theme = this.store.view.theme): void {
    apply_theme(theme);
    const palette = read_palette();
    this.chart.use(palette);
    this.lanes.use(palette);
    this.#overview.use(palette);
    this.panel.use(palette);
    this.#toolbar.draw();
  }

  #write_hash_soon(): void {
    window.clearTimeout(this.#hash_timer);
    this.#hash_timer = window.setTimeout(() => {
      const hash = to_hash(this.store.view, this.store.model);
      this.#written_hash = hash;
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
      this.#describe();
    }, 150);
  }

  /** Somebody changed the address. */
  #read_hash(): void {
    if (location.hash.replace(/^#/, "") === this.#written_hash) return;
    this.store.set(from_hash(location.hash, this.store.model));
  }

  /** What a screen reader reads for the pictures. */
  #describe(): void {
    const { view, model } = this.store;
    const peak = highest_of(this.chart.visible_curves(), view.window);
    const what = `Memory over time of ${model.recording.title}`;
    const highest = peak ? `, highest ${peak.mib.toFixed(1)} MiB at ${peak.at.toFixed(2)} s` : "";
    const hint = "The table “values” has the numbers.";
    this.#chart_host.setAttribute(
      "aria-label",
      `${what} from ${view.window.from.toFixed(2)} to ${view.window.to.toFixed(2)} s${highest}. ${hint}`,
    );
    this.#lanes_host.setAttribute(
      "aria-label",
      "Calls over time. The arrow keys walk from call to call, Enter zooms.",
    );
  }

  #make_help(keys: readonly Key[]): void {
    fill_help(this.#help, keys);
    this.#help.addEventListener("click", (event) => {
      if (event.target === this.#help) this.#help.close();
    });
  }

  /** Paper is white and has all curves in the legend, all rows of calls and all tables. */
  #to_paper(): void {
    if (this.#paper) return;
    this.#use_theme("light");
    this.store.point_at({ time: null, call: null });
    this.#paper = element("div", { class: "for_paper" }, this.#paper_lanes(), this.panel.all());
    by_id("page").append(this.#paper);
    this.#toolbar.draw("paper");
    this.#layout();
  }

  #paper_lanes(): HTMLElement {
    const { pictures, rest } = this.lanes.papers(PAPER);
    const note = `and ${counted(rest, "more row")}: this page has them on a screen`;
    return element(
      "div",
      { class: "papers" },
      ...pictures,
      rest > 0 && element("p", { class: "note" }, note),
    );
  }

  #to_screen(): void {
    this.#paper?.remove();
    this.#paper = undefined;
    this.#use_theme();
    this.#layout();
  }
}
