// Binary search in ascending numbers.

/** Returns the index of the first number that is at least `value`; the length if there is none. */
export function first_at_least(numbers: ArrayLike<number>, value: number, from = 0): number {
  let low = from;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the index of the first number that is greater than `value`; the length if there is none. */
export function first_above(numbers: ArrayLike<number>, value: number, from = 0): number {
  let low = from;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the same as first_at_least, and is faster if the result is near `from`. */
export function first_at_least_near(numbers: ArrayLike<number>, value: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < numbers.length && numbers[low + step]! < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, numbers.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
