// The header: what was recorded, where and when, its peak, and what was lost.

import { element } from "./dom.ts";
import { change, count, counted, date, duration, memory } from "./format.ts";
import type { Model } from "./model.ts";
import type { Losses, RecordingPeak } from "./recording.ts";
import { scope_name } from "./scope.ts";

export function fill_header(host: HTMLElement, model: Model): void {
  const { recording } = model;
  host.replaceChildren(
    element("h1", { title: recording.command }, recording.title || recording.command || recording.file),
    element("p", { class: "facts" }, ...facts(model)),
    element("p", { class: "origin" }, origin(model)),
  );
  if (recording.leak) {
    const class_name = recording.leak.verdict === "leak" ? "verdict verdict_leak" : "verdict";
    host.append(element("p", { class: class_name }, recording.leak.words));
  }
}

function facts(model: Model): HTMLElement[] {
  const { recording } = model;
  const { peak, statistics } = recording;
  const made: HTMLElement[] = [];
  const add = (name: string, value: string) =>
    made.push(element("span", { class: "fact" }, element("span", { class: "fact_name" }, name), ` ${value}`));
  add("of", `${scope_name(model)}, ${recording.metric.toUpperCase()}`);
  if (peak) {
    add("peak", peak_text(peak));
    // a bound is the kernel's already
    const is_said = peak.at_least && peak.kernel_mib === peak.best_mib;
    if (peak.kernel_mib !== null && !is_said) add("kernel's peak", memory(peak.kernel_mib));
  }
  if (typeof statistics?.mean_mib === "number") add("mean", memory(statistics.mean_mib));
  if (typeof statistics?.end_mib === "number") add("end", memory(statistics.end_mib));
  if (typeof statistics?.growth_mib === "number") add("growth", change(statistics.growth_mib));
  const lost = loss_texts(recording.losses);
  add("lost", lost.length > 0 ? lost.join(", ") : "nothing");
  if (lost.length > 0) made.at(-1)!.classList.add("fact_alarm");
  return made;
}

/** Returns the peak: a sample, or a bound that is higher than the samples. */
export function peak_text({ mib, at, at_least, best_mib }: RecordingPeak): string {
  const sampled = mib === null ? "nothing" : at === null ? memory(mib) : `${memory(mib)} at ${duration(at)}`;
  if (!at_least) return mib === null ? "–" : sampled;
  const has_bound = typeof best_mib === "number" && best_mib > (mib ?? 0);
  return has_bound ? `≥ ${memory(best_mib)} · sampled ${sampled}` : `≥ ${sampled}`;
}

/** Returns what was lost, as short texts. */
export function loss_texts(losses: Losses): string[] {
  const texts: string[] = [];
  if (losses.ticks) texts.push(counted(losses.ticks, "tick"));
  if (losses.marks) texts.push(counted(losses.marks, "mark"));
  if (losses.processes) texts.push(counted(losses.processes, "process"));
  if (losses.censuses) texts.push(counted(losses.censuses, "object count"));
  if (losses.damaged_lines) texts.push(counted(losses.damaged_lines, "damaged line"));
  if (losses.suspended_s) texts.push(`${duration(losses.suspended_s)} suspended`);
  if (losses.change_mib) texts.push(`changes below ${memory(losses.change_mib)}`);
  return texts;
}

function origin(model: Model): string {
  const { recording, whole } = model;
  const { interval, runs, run } = recording;
  const parts = [recording.file, recording.host, recording.start > 0 ? date(recording.start) : ""];
  if (model.length > 0) parts.push(duration(model.length));
  const every = interval ? ` every ${duration(interval)}` : "";
  parts.push(`${counted(recording.samples, "sample")}${every}`);
  parts.push(`${recording.metric.toUpperCase()}${recording.includes_children ? " with children" : ""}`);
  if (recording.window) parts.push(`only ${duration(whole.from)} to ${duration(whole.to)}`);
  if (runs && runs > 1) parts.push(`run ${run} of ${runs}`);
  if (model.process_count > 1) parts.push(`${count(model.process_count)} processes`);
  return parts.filter(Boolean).join(" · ");
}
