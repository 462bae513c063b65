import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../src/decode.ts";
import { Model } from "../src/model.ts";
import { pack_series } from "./encode.ts";
import { bytes_of, empty, type Sample, server } from "./samples.ts";

function model_of(sample: Sample): Model {
  return new Model(split(bytes_of(sample)));
}

test("the tree has each process after its parent, with its depth", () => {
  const model = model_of(server());
  assert.deepEqual(model.tree, [0, 1, 2]);
  assert.deepEqual(
    model.processes.map(({ depth }) => depth),
    [0, 1, 1],
  );
});

test("parents that form a circle leave out no process", () => {
  const sample = server();
  sample.recording.processes[0]!.parent = 2;
  sample.recording.processes[2]!.parent = 0;
  assert.deepEqual([...model_of(sample).tree].sort(), [0, 1, 2]);
});

test("a parent that does not exist is ignored", () => {
  const sample = server();
  sample.recording.processes[1]!.parent = 99;
  assert.equal(model_of(sample).processes[1]!.parent, null);
});

test("without children the total is the curve of the root", () => {
  const sample = server();
  sample.recording.includes_children = false;
  sample.recording.series = sample.recording.series.filter(({ process }) => process === null);
  const model = model_of(sample);
  assert.equal(model.curve(0, "rss"), model.curve(null, "rss"));
  assert.equal(model.curve(1, "rss"), undefined);
});

test("a recording without samples has none, and a window all the same", () => {
  const model = model_of(empty());
  assert.equal(model.has_samples, false);
  assert.ok(model.whole.from < model.whole.to);
});

test("a recording of one sample has a window around it", () => {
  const sample = empty();
  sample.recording.series = [pack_series(null, [{ t: [3], v: [12.5] }], sample.packer)];
  const { whole } = model_of(sample);
  assert.ok(whole.from < 3 && whole.to > 3);
});

test("the growth of a call is the difference of its readings unless the recording has another", () => {
  const { calls } = model_of(server());
  assert.equal(calls.grown[0], 1);
  assert.ok(Math.abs(calls.active[0]! - 0.4) < 1e-5);
});

test("the name of a process has its pid once", () => {
  const sample = server();
  sample.recording.processes[1]!.name = "worker 101";
  const model = model_of(sample);
  assert.equal(model.label(1), "worker 101");
  assert.equal(model.label(2), "worker 102");
  assert.equal(model.label(77), "unknown process");
});
