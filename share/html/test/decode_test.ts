import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrays, Damaged } from "../src/bytes.ts";
import { decode, split } from "../src/decode.ts";
import { Packer, to_text } from "./encode.ts";
import { bytes_of, server } from "./samples.ts";

test("numbers of any size survive being written and read", () => {
  const packer = new Packer();
  const counts = [0, 1, 127, 128, 16_384, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];
  const times = [0, 0.1, 0.1, 5.000001, 100_000.25];
  const floats = [0, -1.5, Number.NaN, 1e6];
  const references = [packer.counts(counts), packer.deltas(times, 1e-6), packer.floats(floats)];
  const arrays = new Arrays(packer.bytes());
  assert.deepEqual([...arrays.read(references[0]!)], counts);
  for (const [i, time] of arrays.read(references[1]!).entries()) assert.ok(Math.abs(time - times[i]!) < 1e-7);
  assert.deepEqual([...arrays.read(references[2]!)], floats);
});

test("numbers that fall are deltas below zero", () => {
  const packer = new Packer();
  const reference = packer.deltas([512, 2, 1024], 1 / 1024);
  assert.deepEqual([...new Arrays(packer.bytes()).read(reference)], [512, 2, 1024]);
});

test("an array that reaches out of the recording is refused", () => {
  const arrays = new Arrays(Uint8Array.of(1, 2, 3));
  for (const [at, n] of [
    [0, 4],
    [3, 1],
    [-1, 1],
    [0, 1.5],
    [Number.NaN, 1],
  ]) {
    assert.throws(() => arrays.read({ at: at!, n: n!, as: "u" }), Damaged);
  }
  assert.throws(() => arrays.read({ at: 0, n: 1, as: "f" }), Damaged);
});

test("a number whose end is missing is refused", () => {
  assert.throws(() => new Arrays(Uint8Array.of(255)).read({ at: 0, n: 1, as: "u" }), Damaged);
});

test("a recording is read from the text of the page", async () => {
  const { recording, arrays } = await decode(to_text(bytes_of(server())));
  assert.equal(recording.title, "gunicorn -w 2 shop:app");
  const total = recording.series.find(({ process }) => process === null)!;
  assert.equal(arrays.read(total.strokes[0]!.t).length, 101);
});

test("bytes that are cut are refused with a reason", () => {
  const bytes = bytes_of(server());
  assert.throws(() => split(bytes.subarray(0, 2)), /empty/);
  assert.throws(() => split(bytes.subarray(0, 200)), /cut/);
});

test("a recording of another format is refused with its number", () => {
  const sample = server();
  sample.recording.format = 9;
  assert.throws(() => split(bytes_of(sample)), /format is 9/);
});

test("invisible characters of a recording become visible", () => {
  const sample = server();
  sample.recording.title = "a\u0000b\u001b[31m\u202Ec\td\n";
  assert.equal(split(bytes_of(sample)).recording.title, "a␀b␛[31m\ufffdc\td␊");
});
