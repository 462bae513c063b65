// The line tables of functions with their source, and the judgement of the leak.

import { element } from "../dom.ts";
import { has_signs, leak_signs } from "../floors.ts";
import { change, count, duration, memory } from "../format.ts";
import type { Model } from "../model.ts";
import type { Leak, LineRow, LineTable } from "../recording.ts";
import { scope_name } from "../scope.ts";

/** Returns the tables whose function, file or source contain the query. */
export function line_tables(model: Model, query: string): HTMLElement {
  const wanted = query.trim().toLowerCase();
  const tables = model.recording.lines.filter((table) => text_of(table).toLowerCase().includes(wanted));
  if (tables.length === 0) return element("p", { class: "empty" }, `Nothing matches “${query}”.`);
  return element("div", { class: "scroller" }, ...tables.map((table) => line_table(table, model)));
}

function text_of({ function: name, file, rows }: LineTable): string {
  return [name, file, ...rows.map(({ source }) => source ?? "")].join("\n");
}

const STATES: Record<string, string> = {
  changed: "The source has changed since it was recorded, so it is not shown.",
  missing: "The source was not found when this page was made.",
  typed: "The source was typed in, and is in no file.",
};

function line_table(table: LineTable, model: Model): HTMLElement {
  const has_peak = table.rows.some(({ peak_mib }) => peak_mib !== null);
  const has_time = table.rows.some(({ seconds }) => seconds !== null);
  const titles = [
    "Line",
    "Count",
    "Max",
    "Increment",
    ...(has_peak ? ["Peak"] : []),
    ...(has_time ? ["Time"] : []),
    "Source",
  ];
  const largest = Math.max(...table.rows.map(({ increment_mib }) => Math.abs(increment_mib ?? 0)), 1e-9);
  const process = table.process === null ? "" : ` · ${model.label(table.process)}`;
  const where = `${table.file}:${table.first_line}${process}`;
  const state = STATES[table.state ?? ""];
  return element(
    "section",
    { class: "line_table" },
    element("h3", {}, table.function),
    element("p", { class: "where" }, where),
    element(
      "table",
      { class: "data code" },
      element("caption", { class: "for_readers" }, `Lines of ${table.function}`),
      element("thead", {}, element("tr", {}, ...titles.map((title) => head(title)))),
      element("tbody", {}, ...table.rows.map((row) => line_row(row, has_peak, has_time, largest))),
    ),
    ...[state, ...table.notes].filter((note) => note).map((note) => element("p", { class: "note" }, note)),
  );
}

function head(title: string): HTMLElement {
  return element(
    "th",
    { class: title === "Source" ? "text" : "number", attributes: { scope: "col" } },
    title,
  );
}

/** The background of the increment shows its share of the largest one. */
function line_row(row: LineRow, has_peak: boolean, has_time: boolean, largest: number): HTMLElement {
  const number = (text: string) => element("td", { class: "number" }, row.count === null ? "" : text);
  const increment = number(row.increment_mib ? change(row.increment_mib) : "");
  if (row.increment_mib) {
    const side = row.increment_mib > 0 ? "--added" : "--freed";
    const share = (Math.abs(row.increment_mib) / largest) * 100;
    const colour = `color-mix(in srgb, var(${side}) 38%, transparent)`;
    increment.style.background = `linear-gradient(to left, ${colour} ${share}%, transparent ${share}%)`;
  }
  return element(
    "tr",
    {},
    element("th", { class: "number", attributes: { scope: "row" } }, String(row.line)),
    number(count(row.count)),
    number(memory(row.max_mib)),
    increment,
    has_peak && number(memory(row.peak_mib)),
    has_time && number(duration(row.seconds)),
    element("td", { class: "source" }, element("code", {}, row.source ?? "")),
  );
}

export function leak_panel(leak: Leak, model: Model): HTMLElement {
  const facts: [string, string][] = [];
  if (leak.process !== null) facts.push(["process", model.label(leak.process)]);
  if (leak.metric) facts.push(["judged by", leak.metric.toUpperCase()]);
  if (leak.floors.length > 0) facts.push(["floors", count(leak.floors.length)]);
  if (leak.level_mib !== null) facts.push(["level", memory(leak.level_mib)]);
  for (const { at, mib } of leak.steps) facts.push(["step", `${change(mib)} at ${duration(at)}`]);
  return element(
    "div",
    { class: "scroller leak" },
    element("p", { class: "leak_words" }, leak.words),
    ...leak.lines.map((line) => element("p", {}, line)),
    element(
      "dl",
      {},
      ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
    element(
      "p",
      { class: "note" },
      `This is of ${scope_name(model)}, and does not depend on the visible window.`,
      ` ${leak_signs(leak)}`,
      has_signs(leak) && element("span", { class: "for_screen" }, " The key l shows and hides them."),
    ),
  );
}
