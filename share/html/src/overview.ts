// The strip with the whole recording, and a brush that shows and moves the visible window.

import type { Palette } from "./colours.ts";
import { decimate } from "./decimate.ts";
import { element, Sheet } from "./dom.ts";
import { duration, time } from "./format.ts";
import { TimeAxis } from "./geometry.ts";
import type { Series } from "./model.ts";
import type { Store } from "./store.ts";
import type { Window } from "./stroke.ts";
import { is_whole, pan } from "./window.ts";

const HEIGHT = 44;
/** How near the pointer must be to an edge of the brush, in pixels. */
const REACH = 9;

type Grip = "from" | "to" | "middle" | "new";

export class Overview {
  readonly #store: Store;
  readonly #host: HTMLElement;
  readonly #sheet: Sheet;
  readonly #brush: HTMLElement;
  readonly #shades: [HTMLElement, HTMLElement];
  readonly #edges: Record<"from" | "to", HTMLElement>;
  #palette: Palette;
  #drag: { grip: Grip; x: number; window: Window; moved: boolean } | undefined;

  constructor(store: Store, host: HTMLElement, palette: Palette) {
    this.#store = store;
    this.#host = host;
    this.#palette = palette;
    this.#sheet = new Sheet(element("canvas", { attributes: { "aria-hidden": "true" } }));
    this.#shades = [element("div", { class: "shade" }), element("div", { class: "shade" })];
    this.#edges = { from: this.#edge("from", "Start"), to: this.#edge("to", "End") };
    this.#brush = element("div", { class: "brush" }, this.#edges.from, this.#edges.to);
    host.append(this.#sheet.canvas, ...this.#shades, this.#brush);
    host.addEventListener("pointerdown", (event) => this.#down(event));
    host.addEventListener("pointermove", (event) => this.#move(event));
    host.addEventListener("pointerup", (event) => this.#up(event));
    host.addEventListener("dblclick", () => store.go(store.model.whole));
  }

  use(palette: Palette): void {
    this.#palette = palette;
    this.draw();
  }

  resize(width: number): void {
    this.#sheet.resize(width, HEIGHT);
    this.draw();
  }

  /** Draws the curve of the total, which does not depend on the window. */
  draw(): void {
    const { model, view } = this.#store;
    if (this.#sheet.width < 1) return;
    this.#sheet.clear();
    const total = model.curve(null, view.metric) ?? model.series.find(({ metric }) => metric === view.metric);
    if (total) this.#draw_curve(total);
    this.#draw_marks();
    this.move();
  }

  /** Moves the brush to the window. */
  move(): void {
    const { view, model } = this.#store;
    const axis = this.#axis();
    const [left, right] = [axis.clamped(view.window.from), axis.clamped(view.window.to)];
    place(this.#brush, left, right);
    place(this.#shades[0], axis.left, left);
    place(this.#shades[1], right, axis.right);
    this.#host.classList.toggle("is_whole", is_whole(view.window, model.whole));
    for (const side of ["from", "to"] as const) {
      const length = model.whole.to - model.whole.from;
      this.#edges[side].setAttribute("aria-valuenow", view.window[side].toFixed(3));
      this.#edges[side].setAttribute("aria-valuetext", time(view.window[side], length));
    }
  }

  #axis(): TimeAxis {
    return new TimeAxis(this.#sheet.width, this.#store.model.whole);
  }

  #edge(side: "from" | "to", name: string): HTMLElement {
    const { whole } = this.#store.model;
    const attributes = {
      role: "slider",
      tabindex: "0",
      "aria-label": `${name} of the visible window`,
      "aria-valuemin": whole.from.toFixed(3),
      "aria-valuemax": whole.to.toFixed(3),
    };
    const edge = element("div", { class: `edge edge_${side}`, attributes });
    edge.addEventListener("keydown", (event) => this.#key(side, event));
    return edge;
  }

  #key(side: "from" | "to", event: KeyboardEvent): void {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { view, model } = this.#store;
    const step = ((model.whole.to - model.whole.from) / 100) * direction;
    this.#show_ordered({ ...view.window, [side]: view.window[side] + step });
  }

  #draw_curve(series: Series): void {
    const { ink } = this.#sheet;
    const axis = this.#axis();
    let highest = 0;
    for (const stroke of series.strokes) highest = Math.max(highest, stroke.extremes(0, stroke.v.length)[1]);
    const y = (value: number) => HEIGHT - 1 - (value / (highest || 1)) * (HEIGHT - 6);
    ink.fillStyle = this.#palette.rest;
    ink.globalAlpha = 0.55;
    for (const stroke of series.strokes) {
      ink.beginPath();
      // a single sample has no area
      if (stroke.t.length === 1) ink.arc(axis.clamped(stroke.first), y(stroke.v[0]!), 2, 0, 2 * Math.PI);
      ink.moveTo(axis.clamped(stroke.first), HEIGHT);
      const add = (at: number, value: number) => ink.lineTo(axis.clamped(at), y(value));
      decimate(stroke, axis.window, Math.ceil(axis.width), {
        point: add,
        range: (at, _low, high) => add(at, high),
      });
      ink.lineTo(axis.clamped(stroke.last), HEIGHT);
      ink.fill();
    }
    ink.globalAlpha = 1;
    ink.fillRect(axis.left, HEIGHT - 1, axis.width, 1);
    ink.fillStyle = this.#palette.muted;
    ink.font = "11px system-ui, sans-serif";
    ink.textAlign = "right";
    const { length } = this.#store.model;
    ink.fillText(length > 0 ? duration(length) : "1 sample", axis.left - 8, HEIGHT / 2 + 4);
  }

  #draw_marks(): void {
    const { ink } = this.#sheet;
    const axis = this.#axis();
    ink.fillStyle = this.#palette.ink;
    for (const { at } of this.#store.model.recording.marks) ink.fillRect(axis.clamped(at), 0, 1, 5);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { view } = this.#store;
    const x = event.clientX - this.#host.getBoundingClientRect().left;
    this.#host.setPointerCapture(event.pointerId);
    this.#store.remember();
    this.#drag = { grip: this.#grip(x), x, window: view.window, moved: false };
  }

  #grip(x: number): Grip {
    const { view, model } = this.#store;
    const axis = this.#axis();
    const [from, to] = [axis.x(view.window.from), axis.x(view.window.to)];
    if (Math.abs(x - from) < REACH && Math.abs(x - from) <= Math.abs(x - to)) return "from";
    if (Math.abs(x - to) < REACH) return "to";
    return x > from && x < to && !is_whole(view.window, model.whole) ? "middle" : "new";
  }

  #move(event: PointerEvent): void {
    const x = event.clientX - this.#host.getBoundingClientRect().left;
    const drag = this.#drag;
    if (!drag) {
      this.#host.dataset.grip = this.#grip(x);
      return;
    }
    if (Math.abs(x - drag.x) > 2) drag.moved = true;
    if (!drag.moved) return;
    const axis = this.#axis();
    const { from, to } = drag.window;
    if (drag.grip === "middle") {
      this.#store.show(pan(drag.window, axis.seconds(x - drag.x) / (to - from)));
    } else if (drag.grip === "new") {
      this.#show_ordered({ from: axis.time(drag.x), to: axis.time(x) });
    } else {
      this.#show_ordered({ ...drag.window, [drag.grip]: axis.time(x) });
    }
  }

  /** A click beside the brush moves its middle there. */
  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || drag.moved || drag.grip !== "new") return;
    const { view } = this.#store;
    const half = (view.window.to - view.window.from) / 2;
    const at = this.#axis().time(event.clientX - this.#host.getBoundingClientRect().left);
    this.#store.show({ from: at - half, to: at + half });
  }

  /** Shows the window between two times, whichever is earlier. */
  #show_ordered({ from, to }: Window): void {
    const { whole } = this.#store.model;
    const within = (at: number) => Math.min(Math.max(at, whole.from), whole.to);
    this.#store.show({ from: within(Math.min(from, to)), to: within(Math.max(from, to)) });
  }
}

function place(element: HTMLElement, left: number, right: number): void {
  element.style.left = `${left}px`;
  element.style.width = `${Math.max(right - left, 0)}px`;
}
