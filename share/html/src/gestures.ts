// Mouse, wheel, touch and pen on a picture with a time axis.

import type { TimeAxis } from "./geometry.ts";
import type { Store } from "./store.ts";
import { pan, zoom } from "./window.ts";

/** Movements of less than so many pixels are clicks. */
const CLICK = 4;

export interface Target {
  store: Store;
  host: HTMLElement;
  axis: () => TimeAxis;
  /** Draws the selection between two places; null ends it. */
  select: (range: [number, number] | null) => void;
  hover: (x: number, y: number, event: PointerEvent) => void;
  leave: () => void;
  click: (x: number, y: number, event: MouseEvent) => void;
  /** Whether the wheel moves the content up and down, so that it zooms only with Ctrl. */
  scrolls: () => boolean;
}

interface Press {
  x: number;
  y: number;
  kind: "select" | "pan";
  moved: boolean;
}

export class Gestures {
  readonly #target: Target;
  readonly #touches = new Map<number, number>();
  #press: Press | undefined;
  #jumped = false;

  constructor(target: Target) {
    this.#target = target;
    const { host } = target;
    host.addEventListener("pointerdown", (event) => this.#down(event));
    host.addEventListener("pointermove", (event) => this.#move(event));
    host.addEventListener("pointerup", (event) => this.#up(event));
    host.addEventListener("pointercancel", (event) => this.#cancel(event));
    host.addEventListener("pointerleave", (event) => {
      // a finger that was lifted leaves what it pointed at
      if (event.pointerType !== "touch") target.leave();
    });
    host.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    host.addEventListener("dblclick", (event) => this.#double(event));
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const box = this.#target.host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #down(event: PointerEvent): void {
    const { store, host } = this.#target;
    const { x, y } = this.#place(event);
    if (event.pointerType === "touch") {
      this.#touches.set(event.pointerId, x);
      if (this.#touches.size === 1) {
        store.remember();
        this.#target.hover(x, y, event);
      }
    } else if (event.button > 1 || x > host.clientWidth) {
      return; // the scroll bar
    }
    const pans = event.pointerType === "touch" || event.shiftKey || event.button === 1;
    if (event.button === 1) event.preventDefault();
    if (pans && event.pointerType !== "touch") store.remember();
    this.#press = { x, y, kind: pans ? "pan" : "select", moved: false };
    host.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    if (this.#touches.size > 1) {
      this.#pinch(event.pointerId, x);
      return;
    }
    const press = this.#press;
    if (press && Math.abs(x - press.x) >= CLICK) press.moved = true;
    if (!press?.moved) {
      this.#target.hover(x, y, event);
    } else if (press.kind === "select") {
      this.#target.select([press.x, x]);
      this.#target.hover(x, y, event);
    } else {
      this.#drag(press, x);
    }
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, x);
  }

  #drag(press: Press, x: number): void {
    const { store, axis } = this.#target;
    store.show(pan(store.view.window, (press.x - x) / axis().width));
    press.x = x;
  }

  /** The times below two fingers stay below them. */
  #pinch(id: number, x: number): void {
    const { store, axis } = this.#target;
    const other = [...this.#touches].find(([pointer]) => pointer !== id)?.[1];
    const before = this.#touches.get(id);
    if (other === undefined || before === undefined) return;
    this.#touches.set(id, x);
    const factor = Math.max(Math.abs(before - other), 10) / Math.max(Math.abs(x - other), 10);
    store.show(zoom(store.view.window, axis().time(other), factor));
    if (this.#press) this.#press.moved = true;
  }

  #up(event: PointerEvent): void {
    const { store, axis, select, click } = this.#target;
    const press = this.#press;
    this.#touches.delete(event.pointerId);
    this.#press = undefined;
    select(null);
    if (!press || this.#touches.size > 0) return;
    const { x, y } = this.#place(event);
    if (!press.moved) {
      if (event.button !== 0) return;
      const { window } = store.view;
      click(x, y, event);
      this.#jumped = store.view.window !== window;
    } else if (press.kind === "select") {
      const [a, b] = [axis().time(press.x), axis().time(x)];
      store.go({ from: Math.min(a, b), to: Math.max(a, b) });
    }
  }

  #cancel(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    this.#press = undefined;
    this.#target.select(null);
  }

  #wheel(event: WheelEvent): void {
    const { store, axis, scrolls } = this.#target;
    const pixels = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? 16 : 400;
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    const is_sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!is_sideways && !event.ctrlKey && !event.metaKey && scrolls()) return;
    event.preventDefault();
    if (is_sideways) {
      store.show(pan(store.view.window, (sideways * pixels) / axis().width));
      return;
    }
    const strength = event.ctrlKey ? 0.01 : 0.0022;
    const step = Math.min(Math.max(event.deltaY * pixels * strength, -1), 1);
    store.show(zoom(store.view.window, axis().time(this.#place(event).x), Math.exp(step)));
  }

  /** Goes back. If the first click of the two jumped somewhere, that jump is taken back too. */
  #double(event: MouseEvent): void {
    event.preventDefault();
    if (this.#jumped) this.#target.store.back();
    this.#target.store.back();
  }
}
