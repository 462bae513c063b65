// Writes recordings as mprofpp does: the other direction of src/decode.ts.

import { deflateSync } from "node:zlib";
import type { Reference } from "../src/bytes.ts";
import type { CallsData, Recording, SeriesData } from "../src/recording.ts";

/** Collects arrays. */
export class Packer {
  readonly #bytes: number[] = [];

  deltas(numbers: ArrayLike<number>, scale: number): Reference {
    const at = this.#bytes.length;
    const from = numbers.length > 0 ? Math.round(numbers[0]! / scale) * scale : 0;
    let before = 0;
    for (let i = 0; i < numbers.length; ++i) {
      const steps = Math.round((numbers[i]! - from) / scale);
      this.#varint(zigzag(steps - before));
      before = steps;
    }
    return { at, n: numbers.length, as: "d", scale, from };
  }

  counts(numbers: ArrayLike<number>): Reference {
    const at = this.#bytes.length;
    for (let i = 0; i < numbers.length; ++i) this.#varint(numbers[i]!);
    return { at, n: numbers.length, as: "u" };
  }

  floats(numbers: ArrayLike<number>): Reference {
    const at = this.#bytes.length;
    const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
    for (const byte of bytes) this.#bytes.push(byte);
    return { at, n: numbers.length, as: "f" };
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes.push((rest % 128) + 128);
    this.#bytes.push(rest);
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export interface Call {
  name: number;
  process: number;
  lane: number;
  level: number;
  t0: number;
  t1: number;
  rss0: number;
  rss1: number;
  flags?: number;
  count?: number;
}

export function pack_calls(calls: Call[], packer: Packer): CallsData {
  const sorted = [...calls].sort((a, b) => a.t0 - b.t0);
  const all = (value: (call: Call) => number) => sorted.map(value);
  return {
    n: sorted.length,
    name: packer.counts(all((call) => call.name)),
    process: packer.counts(all((call) => call.process)),
    lane: packer.counts(all((call) => call.lane)),
    level: packer.counts(all((call) => call.level)),
    t0: packer.deltas(
      all((call) => call.t0),
      1e-6,
    ),
    t1: packer.deltas(
      all((call) => call.t1),
      1e-6,
    ),
    rss0: packer.floats(all((call) => call.rss0)),
    rss1: packer.floats(all((call) => call.rss1)),
    grown: packer.floats(all(() => Number.NaN)),
    flags: packer.counts(all((call) => call.flags ?? 0)),
    count: packer.counts(all((call) => call.count ?? 1)),
    active: packer.floats(all(() => Number.NaN)),
  };
}

export function pack_series(
  process: number | null,
  strokes: { t: ArrayLike<number>; v: ArrayLike<number> }[],
  packer: Packer,
  more: Partial<SeriesData> = {},
): SeriesData {
  const packed = strokes.map(({ t, v }) => ({ t: packer.deltas(t, 1e-6), v: packer.deltas(v, 1 / 1024) }));
  return { process, metric: "rss", column: 0, strokes: packed, ...more };
}

/** Returns the bytes of a recording, before they are deflated. */
export function encode(recording: Recording, packer: Packer): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(recording));
  const arrays = packer.bytes();
  const bytes = new Uint8Array(4 + json.length + arrays.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(arrays, 4 + json.length);
  return bytes;
}

/** Returns the text for the page. */
export function to_text(bytes: Uint8Array): string {
  return deflateSync(bytes).toString("base64");
}

/** Fills the built page as mprofpp does: both placeholders in one pass, so that no text is replaced twice. */
export function fill_page(template: string, title: string, text: string): string {
  const escaped = title.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return template.replace(/@TITLE@|@RECORDING@/g, (name) => (name === "@TITLE@" ? escaped : text));
}
