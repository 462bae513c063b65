import assert from "node:assert/strict";
import { test } from "node:test";
import { Trace } from "../src/trace.ts";

/** Collects the corners of lines as "move x y" and "line x y". */
function pen() {
  const corners: string[] = [];
  return {
    corners,
    moveTo: (x: number, y: number) => corners.push(`move ${x} ${y}`),
    lineTo: (x: number, y: number) => corners.push(`line ${x} ${y}`),
  };
}

test("noise is a rectangle for each column, and no line", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  for (let x = 0; x < 100; ++x) trace.range(x + 0.5, 10, 200 + x, x % 2 === 0);
  trace.end();
  assert.equal(trace.rectangles.length, 4 * 100);
  assert.deepEqual(trace.rectangles.slice(0, 4), [-0.5, 9, 2, 192]);
  assert.equal(line.corners.length, 1);
});

test("a smooth curve is a line, and no rectangle", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  for (let x = 0; x < 5; ++x) trace.range(x, 10 + x, 11 + x, false);
  trace.end();
  assert.deepEqual(trace.rectangles, []);
  assert.equal(line.corners.length, 2 * 5);
});

test("a line reaches the spike between its points, and goes on from it", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  trace.point(0, 100);
  trace.range(10, 20, 100, true);
  trace.point(20, 90);
  trace.end();
  assert.deepEqual(trace.rectangles, [9, 19, 2, 82]);
  assert.deepEqual(line.corners, ["move 0 100", "line 10 100", "move 10 20", "line 20 90"]);
});

test("a line leaves a spike at its last sample", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  trace.point(0, 10);
  trace.point(1, 100);
  trace.point(20, 10);
  trace.end();
  assert.deepEqual(trace.rectangles, [-0.5, 9, 2, 92]);
  assert.deepEqual(line.corners.slice(-2), ["move 0.5 100", "line 20 10"]);
});

test("rectangles that do not touch are joined by a line", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  trace.range(10, 20, 40, true);
  trace.range(11, 100, 120, true);
  trace.end();
  assert.deepEqual(line.corners, ["move 10 40", "move 10 20", "line 11 120"]);
});

test("samples that share a column almost are rectangles, too", () => {
  const line = pen();
  const trace = new Trace(line, 2, 1);
  for (let x = 0; x < 50; ++x) trace.point(x, x % 2 === 0 ? 10 : 200);
  trace.end();
  assert.equal(trace.rectangles.length, 4 * 49);
});
