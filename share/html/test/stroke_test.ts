import assert from "node:assert/strict";
import { test } from "node:test";
import { decimate, Simplifier } from "../src/decimate.ts";
import { first_at_least, first_at_least_near } from "../src/search.ts";
import { Stroke } from "../src/stroke.ts";
import { random } from "./samples.ts";

function noise(n: number): Stroke {
  const next = random(n);
  const t = Float64Array.from({ length: n }, (_, i) => i / 10);
  return new Stroke(
    t,
    t.map(() => 100 * next()),
  );
}

function points_of(
  stroke: Stroke,
  from: number,
  to: number,
  columns: number,
): { time: number; value: number }[] {
  const points: { time: number; value: number }[] = [];
  decimate(stroke, { from, to }, columns, {
    point: (time, value) => points.push({ time, value }),
    range: (time, low, high, rises) => {
      points.push({ time, value: rises ? low : high }, { time, value: rises ? high : low });
    },
  });
  return points;
}

test("extremes of any range are those of its samples", () => {
  const stroke = noise(2000);
  const next = random(3);
  for (let i = 0; i < 300; ++i) {
    const begin = Math.floor(1999 * next());
    const end = begin + 1 + Math.floor((2000 - begin) * next());
    const range = stroke.v.slice(begin, end);
    assert.deepEqual(stroke.extremes(begin, end), [Math.min(...range), Math.max(...range)]);
  }
});

test("the value between two samples is on the line between them", () => {
  const stroke = new Stroke(Float64Array.of(1, 2, 4), Float64Array.of(10, 20, 40));
  assert.equal(stroke.at(1.5), 15);
  assert.equal(stroke.at(3), 30);
  assert.equal(stroke.at(4), 40);
  assert.equal(stroke.at(0.99), undefined);
  assert.equal(stroke.at(4.01), undefined);
});

test("a spike of one sample among a million is drawn", () => {
  const t = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
  const v = new Float64Array(t.length).fill(100);
  v[617_283] = 5000;
  v[271_828] = 3;
  const values = points_of(new Stroke(t, v), 0, 999_999, 900).map(({ value }) => value);
  assert.equal(Math.max(...values), 5000);
  assert.equal(Math.min(...values), 3);
});

test("a column of pixels has at most two points", () => {
  const points = points_of(noise(100_000), 0, 10_000, 500);
  assert.ok(points.length <= 2 * 500 + 2);
});

test("every column has its lowest and its highest sample", () => {
  const stroke = noise(10_000);
  const points = points_of(stroke, 0, 999.9, 100);
  for (let column = 0; column < 100; ++column) {
    const [from, to] = [column * 9.999, (column + 1) * 9.999];
    const [begin, end] = stroke.range({ from, to: to - 1e-9 });
    const drawn = points.filter(({ time }) => time >= from && time < to).map(({ value }) => value);
    assert.deepEqual([Math.min(...drawn), Math.max(...drawn)], stroke.extremes(begin, end));
  }
});

test("times of the points ascend", () => {
  const points = points_of(noise(50_000), 100, 4000, 300);
  points.reduce((before, { time }) => {
    assert.ok(time >= before);
    return time;
  }, Number.NEGATIVE_INFINITY);
});

test("few samples are drawn as they are, with one on each side of the window", () => {
  const stroke = new Stroke(Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(5, 6, 7, 8, 9));
  const points = points_of(stroke, 1.5, 2.5, 100);
  assert.deepEqual(
    points.map(({ value }) => value),
    [6, 7, 8],
  );
});

test("a window between two samples still has the line through it", () => {
  const stroke = new Stroke(Float64Array.of(0, 10), Float64Array.of(0, 100));
  assert.equal(points_of(stroke, 4, 5, 100).length, 2);
});

test("searching near a place finds the same as searching everywhere", () => {
  const numbers = [1, 2, 2, 5, 9, 9, 12];
  for (let from = 0; from <= numbers.length; ++from) {
    for (const value of [0, 2, 3, 9, 12, 13]) {
      assert.equal(first_at_least_near(numbers, value, from), first_at_least(numbers, value, from));
    }
  }
});

test("points that cannot be told apart are one line, and its ends stay", () => {
  const points: [number, number][] = [];
  const add = (x: number, y: number) => void points.push([x, y]);
  const simple = new Simplifier({ moveTo: add, lineTo: add });
  for (const [x, y] of [
    [0, 10],
    [1, 10.1],
    [2, 9.9],
    [3, 50],
    [4, 10],
    [5, 10.2],
  ]) {
    simple.add(x!, y!);
  }
  simple.end();
  assert.deepEqual(points, [
    [0, 10],
    [2, 10],
    [3, 50],
    [4, 10],
    [5, 10],
  ]);
});
