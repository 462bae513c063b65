import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../src/decode.ts";
import { floor_lines, has_signs, interval_area, leak_signs } from "../src/floors.ts";
import { Model } from "../src/model.ts";
import { window_text } from "../src/scope.ts";
import { pack_series } from "./encode.ts";
import { bytes_of, empty, server } from "./samples.ts";

const leak = server().recording.leak!;

test("floors are lines that do not touch", () => {
  const lines = floor_lines([
    [2, 10],
    [4, 12],
    [8, 14],
  ]);
  assert.deepEqual(
    lines.map(({ from, to }) => [from.toFixed(1), to.toFixed(1)]),
    [
      ["1.3", "2.7"],
      ["3.3", "4.7"],
      ["7.3", "8.7"],
    ],
  );
  assert.deepEqual(floor_lines([[3, 7]]), [{ from: 3, to: 3, mib: 7 }]);
});

test("the interval of the trend turns around its middle", () => {
  const line = { t0: 0, v0: 10, t1: 8, v1: 30, low1: 26, high1: 34 };
  assert.deepEqual(interval_area(line), [
    [4, 20],
    [8, 26],
    [8, 34],
    [4, 20],
    [0, 6],
    [0, 14],
  ]);
  assert.deepEqual(interval_area({ ...line, low1: null }), []);
});

test("the note of a verdict speaks of what is drawn only", () => {
  assert.match(leak_signs(leak), /floors.*dashed line is the trend with its interval/);
  const steady = { ...leak, verdict: "steady", line: null };
  assert.doesNotMatch(leak_signs(steady), /dashed/);
  assert.match(leak_signs({ ...steady, level_mib: 40 }), /dashed line is their level/);
  assert.equal(leak_signs({ ...steady, floors: [] }), "");
  assert.equal(has_signs({ ...steady, floors: [] }), false);
  assert.equal(has_signs({ ...steady, floors: [], level_mib: 40 }), true);
});

test("a recording of one sample has no length", () => {
  const sample = empty();
  Object.assign(sample.recording, { first: 0.3, last: 0.3, samples: 1 });
  sample.recording.series = [pack_series(null, [{ t: [0.3], v: [10] }], sample.packer)];
  const model = new Model(split(bytes_of(sample)));
  assert.equal(model.length, 0);
  assert.equal(window_text(model, model.whole), "The whole recording: one sample.");
  assert.deepEqual(model.whole, { from: 0, to: 1 });
});
