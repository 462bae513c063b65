import assert from "node:assert/strict";
import { test } from "node:test";
import { change, counted, duration, memory, shorten, time } from "../src/format.ts";
import { fitted } from "../src/lanes.ts";
import { memory_label, memory_step, multiples, round_step, time_label, time_step } from "../src/ticks.ts";
import { around_pid } from "../src/toolbar.ts";

test("memory has the unit that fits", () => {
  const texts = [0, 172.71, 2048, 116 / 1024, 1 / 1024 ** 2, null, Number.NaN].map(memory);
  assert.deepEqual(texts, ["0", "172.7 MiB", "2.00 GiB", "116 KiB", "1 B", "–", "–"]);
});

test("a change has its sign", () => {
  assert.deepEqual([5, -5, 0, null].map(change), ["+5.0 MiB", "-5.0 MiB", "0", "–"]);
});

test("durations have the unit that fits", () => {
  const texts = [0, 297e-6, 0.2, 12.5, 200, 7500, 90_000, null].map(duration);
  assert.deepEqual(texts, ["0", "297 µs", "200 ms", "12.5 s", "3m 20s", "2h 05m", "1d 01h", "–"]);
});

test("no duration is rounded up to a full unit that it is not", () => {
  assert.deepEqual([59.96, 0.9996, 3599.6].map(duration), ["1m 00s", "1.0 s", "1h 00m"]);
});

test("a time has the decimals that its window needs", () => {
  assert.equal(time(9.03125, 10), "9.0 s");
  assert.equal(time(9.03125, 0.1), "9.031 s");
  assert.equal(time(9000, 20_000), "2h 30m");
  assert.equal(time(9005.25, 30), "2h 30m 05.3s");
  assert.equal(time(9005.25, 3000), "2h 30m 05s");
  assert.equal(time(185.5, 0.5), "3m 05.500s");
  assert.equal(time(100_000, 600), "1d 03h 46m 40s");
});

test("names keep their end when they are shortened", () => {
  assert.equal(shorten("gunicorn: worker [shop.views:app] 2446", 20), "gunicorn: wo…p] 2446");
  assert.equal(shorten("short", 20), "short");
});

test("the pid of a label is kept apart from its name", () => {
  assert.deepEqual(around_pid("gunicorn: worker 2446", "2446"), ["gunicorn: worker", "2446"]);
  assert.deepEqual(around_pid("celery 77: beat", "77"), ["celery: beat", "77"]);
  assert.deepEqual(around_pid("total", "1"), ["total", ""]);
});

test("a name of a function loses its module before its letters", () => {
  assert.equal(fitted("shop.views.search", 20), "shop.views.search");
  assert.equal(fitted("shop.views.search", 8), "search");
  assert.equal(fitted("shop.views.search", 4), "sea…");
});

test("numbers of things agree with their noun", () => {
  assert.deepEqual(
    [counted(1, "process"), counted(2, "process"), counted(1500, "tick")],
    ["1 process", "2 processes", "1,500 ticks"],
  );
});

test("steps of the axes are round", () => {
  assert.deepEqual([0.7, 3, 12, 45].map(round_step), [1, 5, 20, 50]);
  assert.deepEqual([0.3, 17, 25, 61, 4000, 100_000].map(time_step), [0.5, 20, 30, 120, 7200, 172_800]);
  assert.equal(memory_step(700, 4000), 1024);
});

test("ticks are inside of the window", () => {
  assert.deepEqual(multiples(5, 1, 20), [5, 10, 15, 20]);
  assert.deepEqual(multiples(0.1, 0, 0.3).length, 4);
});

test("labels of ticks are as long as they must be", () => {
  assert.deepEqual(
    [0, 2, 2.5].map((at) => time_label(at, 0.5)),
    ["0", "2.0s", "2.5s"],
  );
  assert.deepEqual(
    [60, 90, 3600].map((at) => time_label(at, 30)),
    ["60s", "90s", "1h"],
  );
  assert.equal(time_label(7260, 60), "2h 1m");
  assert.equal(time_label(0.0005, 0.0001), "500µs");
  assert.equal(memory_label(1536, 512, 4096), "1.5 GiB");
  assert.equal(memory_label(150, 50, 200), "150 MiB");
});
