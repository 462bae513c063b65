import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../src/decode.ts";
import { Model } from "../src/model.ts";
import { from_hash, indices, initial_view, ranges, to_hash, type View } from "../src/view.ts";
import { clamp, pan, zoom } from "../src/window.ts";
import { pack_series } from "./encode.ts";
import { bytes_of, empty, HOSTILE, hostile, server } from "./samples.ts";

const model = new Model(split(bytes_of(server())));

test("the first view needs no hash", () => {
  assert.equal(to_hash(initial_view(model), model), "");
  assert.deepEqual(from_hash("", model), initial_view(model));
});

test("a view survives being written into the hash and read again", () => {
  const view: View = {
    window: { from: 2.5, to: 7.125 },
    metric: "pss",
    hidden: new Set([0, 2]),
    collapsed: new Set([1]),
    unfolded: new Set([-1, 2]),
    folded_lanes: new Set([0]),
    hidden_lanes: new Set([1, 2]),
    total: "hidden",
    also: "hidden",
    tab: "functions",
    sorts: {
      functions: { column: "calls", descending: true },
      processes: { column: "peak", descending: false },
    },
    query: "a & b = 100 %, ü",
    selected: "models.load",
    colouring: "growth",
    theme: "dark",
    axis: "fit",
    leak: "hidden",
  };
  assert.deepEqual(from_hash(`#${to_hash(view, model)}`, model), view);
});

test("a hash that makes no sense is ignored", () => {
  const nonsense = [
    "t=5,2",
    "t=NaN,Infinity",
    "t=1e999,2",
    "t=0x10,99",
    "hide=-1,999999999999,abc",
    "hide=5-9999999",
    "thin=99&without=-1&all=77",
    "theme=constructor",
    "tab=__proto__",
    "metric=vms",
    "sort.functions=<b>",
    "function=no.such.function",
    "query=%E0%A4%A",
    "=&==&&&%%%",
    "__proto__=1&constructor=2",
  ];
  for (const hash of nonsense) {
    const view = from_hash(`#${hash}`, model);
    assert.deepEqual({ ...view, query: "" }, initial_view(model), hash);
  }
});

test("a window outside of the recording is moved into it", () => {
  assert.deepEqual(from_hash("#t=-50,5", model).window, model.whole);
  assert.deepEqual(from_hash("#t=9,14", model).window, { from: 5, to: 10 });
});

test("hostile names survive the hash as text", () => {
  const other = new Model(split(bytes_of(hostile())));
  const view = { ...initial_view(other), selected: HOSTILE[0]! };
  const hash = to_hash(view, other);
  assert.doesNotMatch(hash, /[<>"']/);
  assert.equal(from_hash(hash, other).selected, HOSTILE[0]);
});

test("sets of processes are written as ranges", () => {
  assert.equal(ranges(new Set([3, 0, 1, 2, 7])), "0-3,7");
  assert.deepEqual(indices("0-3,7", 100), new Set([0, 1, 2, 3, 7]));
  assert.deepEqual(indices("2-9", 4), new Set([2, 3]));
});

test("zooming keeps the time at the pointer where it is", () => {
  const window = zoom({ from: 0, to: 10 }, 2, 0.5);
  assert.deepEqual(window, { from: 1, to: 6 });
  assert.equal((2 - window.from) / (window.to - window.from), 0.2);
});

test("a window never leaves the recording, and keeps its length when it is moved", () => {
  const whole = { from: 0, to: 10 };
  assert.deepEqual(clamp(pan({ from: 7, to: 9 }, 5), whole), { from: 8, to: 10 });
  assert.deepEqual(clamp({ from: -5, to: 30 }, whole), whole);
});

test("the memory axis starts at zero unless every curve is in its upper quarter", () => {
  const sample = empty();
  sample.recording.series = [pack_series(null, [{ t: [0, 1, 2], v: [80, 90, 100] }], sample.packer)];
  assert.equal(initial_view(new Model(split(bytes_of(sample)))).axis, "fit");
  assert.equal(initial_view(model).axis, "zero");
});
