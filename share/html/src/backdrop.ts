// The picture of many curves. While the window moves it is stretched and not drawn again, because thousands
// of curves take longer than a frame.

import { type Drawn, draw_curves, type Ground } from "./curve.ts";
import type { Window } from "./stroke.ts";

export class Backdrop {
  readonly #canvas = document.createElement("canvas");
  #shown: { window: Window; ground: Ground } | undefined;

  /** Must be called when the curves or their looks have changed. */
  forget(): void {
    this.#shown = undefined;
  }

  /** Draws the curves on the ground: from the picture if there is one of the same size, else exactly. Returns
   * whether it is exact. */
  draw(ground: Ground, curves: readonly Drawn[], window: Window, is_moving: boolean): boolean {
    const { width, height } = ground.ctx.canvas;
    const fits = this.#shown && this.#canvas.width === width && this.#canvas.height === height;
    const is_exact = !is_moving || !fits;
    if (is_exact) this.#draw_exactly(ground, curves, window);
    this.#put(ground, window);
    return is_exact;
  }

  #draw_exactly(ground: Ground, curves: readonly Drawn[], window: Window): void {
    const { width, height } = ground.ctx.canvas;
    this.#canvas.width = width;
    this.#canvas.height = height;
    const own = { ...ground, ctx: this.#canvas.getContext("2d")! };
    draw_curves(own, curves, window);
    this.#shown = { window, ground: own };
  }

  #put({ ctx, bbox, min, max }: Ground, window: Window): void {
    const { window: old, ground } = this.#shown!;
    const x_scale = (old.to - old.from) / (window.to - window.from);
    const y_scale = (ground.max - ground.min) / (max - min);
    const left = bbox.left + ((old.from - window.from) / (window.to - window.from)) * bbox.width;
    const top = bbox.top + ((max - ground.max) / (max - min)) * bbox.height;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top - 2, bbox.width, bbox.height + 4);
    ctx.clip();
    ctx.drawImage(
      this.#canvas,
      left - ground.bbox.left * x_scale,
      top - ground.bbox.top * y_scale,
      this.#canvas.width * x_scale,
      this.#canvas.height * y_scale,
    );
    ctx.restore();
  }
}
