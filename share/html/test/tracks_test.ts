import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../src/decode.ts";
import { rows_of } from "../src/lane_rows.ts";
import { Model } from "../src/model.ts";
import { initial_view, type View } from "../src/view.ts";
import { type Call, pack_calls } from "./encode.ts";
import { bytes_of, random, server } from "./samples.ts";

interface Span {
  lane: number;
  t0: number;
  t1: number;
  level?: number;
}

/** The server with further lanes of one kind in its first worker, and these calls in them. */
function with_lanes(kind: string, lanes: number, spans: Span[], left_out = 0): Model {
  const sample = server();
  const { recording } = sample;
  recording.lanes = Array.from({ length: lanes }, (_, i) => ({
    process: 1,
    kind,
    name: `${kind} ${i}`,
    levels: 1,
    left_out,
  }));
  const calls: Call[] = spans.map(({ lane, t0, t1, level = 0 }) => ({
    process: 1,
    lane,
    name: 0,
    level,
    t0,
    t1,
    rss0: 1,
    rss1: 1,
  }));
  recording.calls = pack_calls(calls, sample.packer);
  return new Model(split(bytes_of(sample)));
}

function rows(model: Model, more: Partial<View> = {}) {
  return rows_of(model, { ...initial_view(model), ...more });
}

test("tasks that do not run at the same time share rows", () => {
  const spans = Array.from({ length: 20_000 }, (_, lane) => ({
    lane,
    t0: lane * 4e-4,
    t1: lane * 4e-4 + 1e-3,
  }));
  const model = with_lanes("task", 20_000, spans);
  assert.equal(model.tracks.length, 3);
  assert.deepEqual(
    model.tracks.map(({ name }) => name),
    ["20,000 tasks", "", ""],
  );
  assert.equal(rows(model).filter(({ kind }) => kind === "lane").length, 3);
});

test("outer calls of a track never overlap, and each is on the track of the call around it", () => {
  const next = random(3);
  const spans: Span[] = [];
  for (let lane = 0; lane < 300; ++lane) {
    for (let t0 = 5 * next(); t0 < 9; t0 += 2 * next()) {
      const t1 = t0 + next();
      spans.push({ lane, t0, t1 }, { lane, t0: t0 + (t1 - t0) / 4, t1: t1 - (t1 - t0) / 4, level: 1 });
      t0 = t1;
    }
  }
  for (const kind of ["task", "thread"]) {
    const model = with_lanes(kind, 300, spans);
    if (kind === "task") assert.ok(model.tracks.length < 200);
    const { calls, track_of } = model;
    const end = new Map<number, number>();
    const around = new Map<number, number>();
    for (let i = 0; i < calls.n; ++i) {
      const track = track_of[i]!;
      if (calls.level[i] === 0) {
        assert.ok(calls.t0[i]! >= (end.get(track) ?? 0) - 1e-5);
        end.set(track, calls.t1[i]!);
        around.set(calls.lane[i]!, track);
      } else {
        assert.equal(track, around.get(calls.lane[i]!));
      }
    }
  }
});

test("a thread stays on its row from its first call to its last", () => {
  const spans = [
    { lane: 1, t0: 0, t1: 1 },
    { lane: 2, t0: 2, t1: 3 },
    { lane: 1, t0: 4, t1: 5 },
    { lane: 3, t0: 6, t1: 7 },
  ];
  const { track_of, tracks } = with_lanes("thread", 4, spans);
  assert.equal(tracks.length, 2);
  assert.equal(track_of[0], track_of[2]);
  assert.notEqual(track_of[0], track_of[1]);
  assert.equal(track_of[0], track_of[3]);
});

test("the main thread has a row of its own", () => {
  const spans = [1, 2, 3].map((lane) => ({ lane: lane + 98, t0: lane, t1: lane + 0.5 }));
  const { tracks, track_of } = with_lanes("thread", 102, spans);
  assert.equal(track_of[0], track_of[1]);
  assert.notEqual(track_of[2], track_of[0]);
  assert.equal(tracks[track_of[2]!]!.name, "thread 101");
});

test("lanes that would not save a row keep their own", () => {
  const spans = Array.from({ length: 5 }, (_, lane) => ({ lane, t0: 1, t1: 2 }));
  const model = with_lanes("task", 5, spans);
  assert.deepEqual(
    model.tracks.map(({ name, left_out }) => [name, left_out]),
    [0, 1, 2, 3, 4].map((i) => [`task ${i}`, 0]),
  );
});

test("calls that are not in the page are counted in the first row of their tasks", () => {
  const spans = Array.from({ length: 5 }, (_, lane) => ({ lane, t0: lane, t1: lane + 0.5 }));
  const model = with_lanes("task", 5, spans, 3);
  assert.deepEqual(
    model.tracks.map(({ left_out }) => left_out),
    [15],
  );
});

test("of many rows the first are shown, and the others are counted and can be unfolded", () => {
  const spans = Array.from({ length: 332 }, (_, lane) => ({ lane, t0: 1, t1: 2 }));
  const model = with_lanes("task", 332, spans);
  const some = rows(model);
  assert.equal(some.filter(({ kind }) => kind === "lane").length, 20);
  const rest = some.find((row) => row.kind === "rest");
  assert.equal(rest?.kind === "rest" && rest.text, "+312 more tasks");
  const all = rows(model, { unfolded: new Set([1]) });
  assert.equal(all.filter(({ kind }) => kind === "lane").length, 332);
  assert.ok(all.every(({ kind }) => kind !== "rest"));
});

test("a row can be thin or hidden, and its process counts the hidden ones", () => {
  const spans = Array.from({ length: 3 }, (_, lane) => ({ lane, t0: 1, t1: 2 }));
  const model = with_lanes("task", 3, spans);
  const plain = rows(model).filter((row) => row.kind === "lane");
  const changed = rows(model, { folded_lanes: new Set([0]), hidden_lanes: new Set([1]) });
  const lanes = changed.filter((row) => row.kind === "lane");
  assert.deepEqual(
    lanes.map(({ track }) => track),
    [0, 2],
  );
  assert.ok(lanes[0]!.height < plain[0]!.height);
  const owner = changed.find((row) => row.kind === "process" && row.process === 1);
  assert.equal(owner?.kind === "process" && owner.hidden, 1);
});
