// Reads the arrays of the recording: numbers of variable length (LEB128) and float32, in little endian.

/** Points to an array that follows the JSON. `at` is in bytes, `n` in numbers. */
export interface Reference {
  at: number;
  n: number;
  as: "d" | "u" | "z" | "f";
  scale?: number;
  from?: number;
}

/** The bytes of a recording are not what this page expects. */
export class Damaged extends Error {}

/** The arrays that follow the JSON of a recording. */
export class Arrays {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Returns the numbers of an array. Throws Damaged if it reaches out of the recording. */
  read(reference: Reference): Float64Array {
    const { at, n } = reference;
    const smallest = reference.as === "f" ? 4 * n : n;
    if (!isCount(at) || !isCount(n) || at + smallest > this.#bytes.length) {
      throw new Damaged("an array reaches out of the recording");
    }
    if (reference.as === "f") return this.#floats(at, n);
    const raw = this.#varints(at, n);
    if (reference.as === "u") return raw;
    for (let i = 0; i < n; ++i) raw[i] = unzigzag(raw[i]!);
    return reference.as === "z" ? raw : sums(raw, reference.from ?? 0, reference.scale ?? 1);
  }

  #floats(at: number, n: number): Float64Array {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, 4 * n);
    return Float64Array.from({ length: n }, (_, i) => view.getFloat32(4 * i, true));
  }

  #varints(at: number, n: number): Float64Array {
    const bytes = this.#bytes;
    const numbers = new Float64Array(n);
    let next = at;
    for (let i = 0; i < n; ++i) {
      // multiplies instead of shifting: shifts of JavaScript have 32 bits only
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        if (next >= bytes.length || factor > 2 ** 63) throw new Damaged("a number of the recording is cut");
        const byte = bytes[next++]!;
        value += (byte & 127) * factor;
        if (byte < 128) break;
      }
      numbers[i] = value;
    }
    return numbers;
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function sums(deltas: Float64Array, from: number, scale: number): Float64Array {
  let sum = 0;
  for (let i = 0; i < deltas.length; ++i) {
    sum += deltas[i]!;
    deltas[i] = from + scale * sum;
  }
  return deltas;
}
