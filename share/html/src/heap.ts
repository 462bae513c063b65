// A queue that returns the smallest item first.

export class Heap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** The smallest key. */
  get least(): number {
    return this.#keys[0]!;
  }

  add(key: number, value: number): void {
    let place = this.#keys.length;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (this.#keys[parent]! <= key) break;
      this.#put(place, this.#keys[parent]!, this.#values[parent]!);
      place = parent;
    }
    this.#put(place, key, value);
  }

  /** Removes the item with the smallest key, and returns its value. The heap must not be empty. */
  take(): number {
    const first = this.#values[0]!;
    const key = this.#keys.pop()!;
    const value = this.#values.pop()!;
    if (this.size > 0) this.#sink(key, value);
    return first;
  }

  #sink(key: number, value: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.#keys[child + 1]! < this.#keys[child]!) ++child;
      if (this.#keys[child]! >= key) break;
      this.#put(place, this.#keys[child]!, this.#values[child]!);
      place = child;
    }
    this.#put(place, key, value);
  }

  #put(place: number, key: number, value: number): void {
    this.#keys[place] = key;
    this.#values[place] = value;
  }
}
