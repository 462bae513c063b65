import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../src/decode.ts";
import { peak_text } from "../src/header.ts";
import { Model } from "../src/model.ts";
import { scope_name, window_option, window_text } from "../src/scope.ts";
import { initial_view } from "../src/view.ts";
import { bytes_of, server } from "./samples.ts";

function server_with(change: object): Model {
  const sample = server();
  Object.assign(sample.recording, change);
  return new Model(split(bytes_of(sample)));
}

test("a page of everything says so", () => {
  const model = server_with({});
  assert.equal(window_text(model, model.whole), "The whole recording, 10.0 s.");
  assert.equal(window_text(model, { from: 2, to: 4 }), "Visible window: 2.00 to 4.00 s (2.0 s of 10.0 s).");
  assert.equal(scope_name(model), "the whole recording");
  assert.equal(window_option(model), "");
});

test("a page of a part does not call it the whole recording", () => {
  const model = server_with({ window: [1, 3.5] });
  assert.equal(window_text(model, model.whole), "All of this page: 1.00 to 3.50 s of the recording.");
  assert.equal(
    window_text(model, { from: 2, to: 3 }),
    "Visible window: 2.00 to 3.00 s (1.0 s of 2.5 s in this page).",
  );
  assert.equal(scope_name(model), "the recording from 1.00 to 3.50 s");
  assert.equal(window_option(model), " -w 1,3.5");
});

test("the first view has the metric that was asked for, if there is a curve of it", () => {
  assert.equal(initial_view(server_with({})).metric, "rss");
  assert.equal(initial_view(server_with({ shown: "pss" })).metric, "pss");
  assert.equal(initial_view(server_with({ shown: "swap" })).metric, "rss");
});

test("a peak that was higher than the samples is a bound", () => {
  const peak = { mib: 3.1, at: 0.2, kernel_mib: null, at_least: false };
  assert.equal(peak_text(peak), "3.1 MiB at 200 ms");
  assert.equal(peak_text({ ...peak, at_least: true }), "≥ 3.1 MiB at 200 ms");
  assert.equal(
    peak_text({ ...peak, at_least: true, best_mib: 65.2 }),
    "≥ 65.2 MiB · sampled 3.1 MiB at 200 ms",
  );
  const unseen = { ...peak, mib: null, at: null, at_least: true, best_mib: 65.2 };
  assert.equal(peak_text(unseen), "≥ 65.2 MiB · sampled nothing");
});
