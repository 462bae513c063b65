import assert from "node:assert/strict";
import { test } from "node:test";
import { CallIndex } from "../src/call_index.ts";
import { split } from "../src/decode.ts";
import { Model } from "../src/model.ts";
import {
  functions_in,
  gaps_in,
  lowest_in,
  mean_in,
  peak_certainty,
  peak_in,
  value_at,
} from "../src/statistics.ts";
import { pack_calls, pack_series } from "./encode.ts";
import { bytes_of, empty, large, server } from "./samples.ts";

const model = new Model(split(bytes_of(server())));

test("the peak of a window is its highest sample, with its time", () => {
  const total = model.curve(null, "rss")!;
  const whole = peak_in(total, model.whole)!;
  assert.ok(Math.abs(whole.mib - model.recording.peak!.mib!) < 0.01);
  assert.ok(Math.abs(whole.at - 7.3) < 0.01);
  assert.ok(peak_in(total, { from: 0, to: 5 })!.mib < 150);
  assert.equal(peak_in(total, { from: 20, to: 30 }), undefined);
});

test("the mean is over time, not over samples", () => {
  const sample = empty();
  sample.recording.series = [
    pack_series(null, [{ t: [0, 1, 1.001, 1.002, 9], v: [10, 10, 10, 10, 10] }], sample.packer),
  ];
  const series = new Model(split(bytes_of(sample))).series[0]!;
  assert.equal(mean_in(series, { from: 0, to: 9 }), 10);
  assert.equal(mean_in(series, { from: 20, to: 24 }), undefined);
});

function series_with(...strokes: { t: number[]; v: number[] }[]) {
  const sample = empty();
  sample.recording.series = [pack_series(null, strokes, sample.packer)];
  return new Model(split(bytes_of(sample))).series[0]!;
}

test("a window between two samples has the values of the line", () => {
  const series = series_with({ t: [0, 10], v: [10, 20] });
  const window = { from: 2, to: 4 };
  const peak = peak_in(series, window)!;
  assert.deepEqual(peak, { mib: 14, at: 4, is_between: true });
  assert.equal(peak_certainty(series, window, peak), "about");
  assert.deepEqual(lowest_in(series, window), { mib: 12, at: 2, is_between: true });
  assert.equal(mean_in(series, window), 13);
});

test("a peak at a sample stays exact if the line leaves the window below it", () => {
  const series = series_with({ t: [0, 5, 10], v: [0, 100, 0] });
  const window = { from: 4, to: 6 };
  const peak = peak_in(series, window)!;
  assert.deepEqual(peak, { mib: 100, at: 5, is_between: false });
  assert.equal(peak_certainty(series, window, peak), "exact");
  assert.equal(mean_in(series, window), 90);
});

test("a window in a gap has no values, and one over it none of the gap", () => {
  const series = series_with({ t: [0, 2], v: [10, 10] }, { t: [8, 10], v: [30, 30] });
  assert.equal(peak_in(series, { from: 3, to: 7 }), undefined);
  assert.equal(mean_in(series, { from: 3, to: 7 }), undefined);
  assert.equal(mean_in(series, { from: 1, to: 9 }), 20);
});

test("a gap has no value and is listed", () => {
  const sample = empty();
  const strokes = [
    { t: [0, 1], v: [1, 1] },
    { t: [5, 6], v: [2, 2] },
  ];
  sample.recording.series = [pack_series(null, strokes, sample.packer)];
  const series = new Model(split(bytes_of(sample))).series[0]!;
  assert.equal(value_at(series, 3), undefined);
  assert.equal(value_at(series, 5.5), 2);
  assert.deepEqual(gaps_in(series, { from: 0, to: 6 }), [{ from: 1, to: 5 }]);
  assert.deepEqual(gaps_in(series, { from: 5.5, to: 6 }), []);
});

test("functions of the whole recording have the recorder's figures", () => {
  const [search] = functions_in(model, model.whole);
  assert.deepEqual(search!.calls, { value: 32, certainty: "exact" });
  assert.equal(search!.added.value, 32);
});

test("functions of a window count the calls that ran in it", () => {
  const figures = functions_in(model, { from: 1.05, to: 1.45 });
  assert.deepEqual(
    figures.map(({ name, calls }) => [model.string(name), calls.value, calls.certainty]),
    [
      ["views.search", 2, "exact"],
      ["models.load", 2, "exact"],
    ],
  );
});

test("figures are lower bounds if the page does not hold all calls", () => {
  const sample = server();
  sample.recording.calls_complete = false;
  const figures = functions_in(new Model(split(bytes_of(sample))), { from: 1, to: 2 });
  assert.ok(
    figures.every(({ calls, seconds }) => calls.certainty === "at least" && seconds.certainty === "at least"),
  );
});

test("a part of a group counts in proportion, and is marked as an estimate", () => {
  const sample = server();
  const call = { name: 0, process: 1, lane: 1, level: 0, rss0: 1, rss1: 2 };
  sample.recording.calls = pack_calls([{ ...call, t0: 2, t1: 4, flags: 8, count: 100 }], sample.packer);
  const [figures] = functions_in(new Model(split(bytes_of(sample))), { from: 3, to: 8 });
  assert.deepEqual(figures!.calls, { value: 50, certainty: "about" });
});

test("the growth of a recursive function is counted once", () => {
  const sample = server();
  const outer = { name: 0, process: 1, lane: 1, level: 0, t0: 2, t1: 4, rss0: 10, rss1: 30 };
  const inner = { ...outer, level: 1, t0: 2.5, t1: 3.5, rss0: 12, rss1: 28 };
  sample.recording.calls = pack_calls([outer, inner], sample.packer);
  const [figures] = functions_in(new Model(split(bytes_of(sample))), { from: 1, to: 8 });
  assert.equal(figures!.added.value, 20);
  assert.equal(figures!.calls.value, 2);
});

test("the picture of 100,000 calls visits as many as it has pixels, and every long one", () => {
  const many = new Model(split(bytes_of(large(1000, 1, 100_000))));
  const [level] = new CallIndex(many).levels(0);
  const resolution = (many.whole.to - many.whole.from) / 1000;
  let visited = 0;
  level!.visit(many.whole, resolution, () => ++visited);
  assert.ok(visited <= 2002, `${visited} calls`);
  let close = 0;
  level!.visit({ from: 50, to: 50.1 }, 1e-6, () => ++close);
  assert.ok(close > 20);
});

test("a long call is drawn even if many short ones begin in the same pixel", () => {
  const sample = server();
  const call = { name: 0, process: 1, lane: 1, level: 0, rss0: 1, rss1: 1 };
  const short = Array.from({ length: 50 }, (_, i) => ({ ...call, t0: 1 + i * 1e-4, t1: 1.00005 + i * 1e-4 }));
  sample.recording.calls = pack_calls([...short, { ...call, t0: 1.0051, t1: 5 }], sample.packer);
  const other = new Model(split(bytes_of(sample)));
  const ends: number[] = [];
  new CallIndex(other).levels(1)[0]!.visit(other.whole, 0.01, (_, __, t1) => ends.push(t1));
  assert.ok(ends.includes(5));
  assert.ok(ends.length < 5);
});

test("the call at a time is found, also one that is thinner than a pixel", () => {
  const level = new CallIndex(model).levels(1)[0]!;
  assert.equal(model.calls.t0[level.find(1.2, 0)!], 1);
  assert.equal(level.find(1.45, 0.01), undefined);
  assert.equal(model.calls.t0[level.find(1.495, 0.01)!], 1.5);
});
