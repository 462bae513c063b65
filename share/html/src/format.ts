// Numbers and times as text.

/** Returns memory in the unit that fits, with one decimal: 1.5 GiB, 172.7 MiB, 116.0 KiB. */
export function memory(mib: number | null | undefined): string {
  if (mib === null || mib === undefined || !Number.isFinite(mib)) return "–";
  const size = Math.abs(mib);
  if (size === 0) return "0";
  if (size >= 1024) return `${(mib / 1024).toFixed(2)} GiB`;
  if (size >= 0.95) return `${mib.toFixed(1)} MiB`;
  if (size * 1024 >= 1) return `${(mib * 1024).toFixed(0)} KiB`;
  return `${(mib * 1024 * 1024).toFixed(0)} B`;
}

/** Returns a change of memory, always with its sign. */
export function change(mib: number | null | undefined): string {
  const text = memory(mib);
  return mib !== null && mib !== undefined && mib > 0 ? `+${text}` : text;
}

/** Returns a duration in the unit that fits: 297 µs, 12.5 s, 3m 20s, 2h 05m. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const size = Math.abs(seconds);
  if (size === 0) return "0";
  if (size < 0.9995e-3) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (size < 0.9995) return `${digits(seconds * 1e3)} ms`;
  if (size < 59.95) return `${seconds.toFixed(1)} s`;
  return `${seconds < 0 ? "-" : ""}${long_duration(Math.round(size))}`;
}

function digits(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0);
}

function long_duration(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
  return `${Math.floor(seconds / 86400)}d ${two(Math.floor((seconds % 86400) / 3600))}h`;
}

/** Returns a time with as many decimals as a window of that length needs: `9.0 s`, `9.0312 s`. */
export function time(seconds: number, length: number): string {
  const decimals = Math.min(Math.max(Math.ceil(2 - Math.log10(length)), 0), 6);
  if (seconds < 120) return `${seconds.toFixed(Math.max(decimals, 1))} s`;
  if (length >= 7200) return long_duration(Math.round(seconds));
  const scale = 10 ** decimals;
  const rounded = Math.round(seconds * scale) / scale;
  const minutes = Math.floor(rounded / 60);
  const rest = (rounded - 60 * minutes).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, "0");
  if (minutes < 60) return `${minutes}m ${rest}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(minutes / 60);
  const days = hours < 24 ? `${hours}h` : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
  return `${days} ${two(minutes % 60)}m ${rest}s`;
}

/** Returns the date and time of the day: 29 Nov 2026, 07:52:17. */
export function date(epoch: number): string {
  const text = new Date(Math.floor(epoch) * 1000);
  if (Number.isNaN(text.getTime())) return "";
  const month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[text.getMonth()];
  return `${text.getDate()} ${month} ${text.getFullYear()}, ${clock(text)}`;
}

function clock(time_of_day: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(time_of_day.getHours())}:${two(time_of_day.getMinutes())}:${two(time_of_day.getSeconds())}`;
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en-US");
}

/** Returns "1 call" or "2 calls". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : noun.endsWith("s") ? "es" : "s"}`;
}

/** Shortens a name to about so many characters. The end stays, because it has the pid. */
export function shorten(name: string, length: number): string {
  if (name.length <= length) return name;
  const tail = Math.ceil(length / 3);
  return `${name.slice(0, length - tail - 1)}…${name.slice(-tail)}`;
}
