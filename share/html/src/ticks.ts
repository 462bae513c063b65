// The ticks of the axes: 1, 2 or 5 times a power of ten, or round parts of minutes, hours and days.

const ROUND_SECONDS = [
  60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000,
];

/** Returns a round step of at least `step`: 1, 2 or 5 times a power of ten. */
export function round_step(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  for (const factor of [1, 2, 5]) if (factor * power >= step * 0.999999) return factor * power;
  return 10 * power;
}

export function time_step(step: number): number {
  if (step <= 30) return step > 20 ? 30 : step > 10 ? 20 : round_step(step);
  return ROUND_SECONDS.find((round) => round >= step) ?? round_step(step / 86400) * 86400;
}

/** Returns a round step of memory in MiB; above a GiB it is a round number of GiB. */
export function memory_step(step: number, largest: number): number {
  const unit = memory_unit(largest);
  return round_step(step / unit.mib) * unit.mib;
}

export function memory_unit(largest: number): { mib: number; name: string } {
  if (largest >= 2048) return { mib: 1024, name: "GiB" };
  if (largest < 2) return { mib: 1 / 1024, name: "KiB" };
  return { mib: 1, name: "MiB" };
}

/** Returns the multiples of `step` in [from, to]. */
export function multiples(step: number, from: number, to: number): number[] {
  const ticks: number[] = [];
  const first = Math.ceil(from / step - 1e-9);
  for (let i = first; i * step <= to + step * 1e-9; ++i) ticks.push(i * step);
  return ticks;
}

/** Returns the text of a tick of time, for ticks that are `step` apart. */
export function time_label(seconds: number, step: number): string {
  if (Math.abs(seconds) < step * 1e-6) return "0";
  if (step < 60 && seconds < 600) return small_time(seconds, step);
  const whole = Math.round(seconds / Math.min(step, 1)) * Math.min(step, 1);
  const parts = {
    d: Math.floor(whole / 86400),
    h: Math.floor(whole / 3600) % 24,
    m: Math.floor(whole / 60) % 60,
  };
  const rest = whole - Math.floor(whole / 60) * 60;
  const text: string[] = [];
  if (parts.d > 0) text.push(`${parts.d}d`);
  if (parts.h > 0) text.push(`${parts.h}h`);
  if (parts.m > 0) text.push(`${parts.m}m`);
  if (step < 60 && rest > step * 1e-6) text.push(small_time(rest, step));
  return text.join(" ") || "0";
}

function small_time(seconds: number, step: number): string {
  if (step < 1e-3 && seconds < 1) return `${(seconds * 1e6).toFixed(0)}µs`;
  if (step < 1 && seconds < 1) return `${(seconds * 1e3).toFixed(decimals_of(step * 1e3))}ms`;
  return `${seconds.toFixed(decimals_of(step))}s`;
}

function decimals_of(step: number): number {
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
}

export function memory_label(mib: number, step: number, largest: number): string {
  if (Math.abs(mib) < step * 1e-6) return "0";
  const unit = memory_unit(largest);
  return `${(mib / unit.mib).toFixed(decimals_of(step / unit.mib))} ${unit.name}`;
}
