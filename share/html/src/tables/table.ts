// A table that can be sorted and searched.

import { element } from "../dom.ts";
import { count } from "../format.ts";
import type { Certainty, Figure } from "../statistics.ts";
import type { Sort } from "../view.ts";

/** Rows after these are shown on request, because a browser is slow with tens of thousands. */
const MOST_ROWS = 300;

export interface Column<Row> {
  key: string;
  title: string;
  hint?: string;
  /** A wide text takes the width that is left, and is cut. */
  kind: "text" | "number" | "text wide" | "number cursor";
  /** What is sorted by; rows without a value are last. */
  value: (row: Row) => number | string | null;
  cell: (row: Row) => Node | string;
}

export interface TableOptions<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  /** A row that stays first however the others are sorted, while nothing is searched. */
  first?: Row | undefined;
  /** What is searched in. */
  text: (row: Row) => string;
  query: string;
  sort: Sort | undefined;
  on_sort: (sort: Sort | undefined) => void;
  /** Attributes of a row. */
  attributes?: (row: Row) => Record<string, string | undefined>;
  empty: string;
}

export function make_table<Row>(options: TableOptions<Row>): HTMLElement {
  const rows = sorted(found(options), options);
  const body = element("tbody", {});
  const add = (some: Row[]) => body.append(...some.map((row) => make_row(row, options)));
  if (options.first !== undefined && !options.query.trim()) add([options.first]);
  add(rows.slice(0, MOST_ROWS));
  const table = element(
    "table",
    { class: "data" },
    element("caption", { class: "for_readers" }, options.caption),
    element("thead", {}, element("tr", {}, ...options.columns.map((column) => make_head(column, options)))),
    body,
  );
  const parts: (Node | false)[] = [table];
  if (rows.length === 0) {
    const text =
      options.query && options.rows.length > 0 ? `Nothing matches “${options.query}”.` : options.empty;
    parts.push(element("p", { class: "empty" }, text));
  }
  if (rows.length > MOST_ROWS)
    parts.push(more_button(rows.length - MOST_ROWS, () => add(rows.slice(MOST_ROWS))));
  return element("div", { class: "scroller" }, ...parts);
}

/** The button for the rest of the rows; on paper it is a sentence. */
function more_button(rest: number, show: () => void): HTMLElement {
  const rows = rest === 1 ? "row" : "rows";
  const button = element("button", { class: "more for_screen" }, `show ${count(rest)} more ${rows}`);
  const note = element("p", { class: "note only_paper" }, `and ${count(rest)} more ${rows}`);
  const both = element("div", {}, button, note);
  button.addEventListener("click", () => {
    both.remove();
    show();
  });
  return both;
}

/** Returns the rows that contain every word of the query. */
function found<Row>({ rows, text, query }: TableOptions<Row>): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const searched = text(row).toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

function sorted<Row>(rows: Row[], { columns, sort }: TableOptions<Row>): Row[] {
  const column = columns.find(({ key }) => key === sort?.column);
  if (!sort || !column) return rows;
  const direction = sort.descending ? -1 : 1;
  const values = new Map(rows.map((row) => [row, column.value(row)]));
  return [...rows].sort((a, b) => {
    const [x, y] = [values.get(a) ?? null, values.get(b) ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "string" || typeof y === "string") return direction * String(x).localeCompare(String(y));
    return direction * (x - y);
  });
}

function make_head<Row>(column: Column<Row>, { sort, on_sort }: TableOptions<Row>): HTMLElement {
  const is_sorted = sort?.column === column.key;
  const order = !is_sorted ? "none" : sort?.descending ? "descending" : "ascending";
  const click = () => on_sort(next_sort(column, sort));
  const arrow = element("span", { class: "arrow", attributes: { "aria-hidden": "true" } });
  arrow.textContent = order === "descending" ? "▾" : order === "ascending" ? "▴" : "";
  return element(
    "th",
    { class: column.kind, attributes: { scope: "col", "aria-sort": order } },
    element("button", { title: column.hint, on: { click } }, column.title, arrow),
  );
}

/** The first click sorts numbers from the largest, text from A; the second reverses; the third ends
 * sorting. */
function next_sort<Row>({ key, kind }: Column<Row>, sort: Sort | undefined): Sort | undefined {
  const first = kind.startsWith("number");
  if (sort?.column !== key) return { column: key, descending: first };
  return sort.descending === first ? { column: key, descending: !first } : undefined;
}

function make_row<Row>(row: Row, { columns, attributes }: TableOptions<Row>): HTMLElement {
  const cells = columns.map((column, i) => {
    const properties = { class: column.kind };
    if (i > 0) return element("td", properties, column.cell(row));
    return element("th", { ...properties, attributes: { scope: "row" } }, column.cell(row));
  });
  return element("tr", { attributes: attributes?.(row) }, ...cells);
}

const SIGNS: Record<Certainty, string> = { exact: "", about: "≈", "at least": "≥", "at most": "≤" };

/** Returns a figure as text, with a sign in front if it is not exact. */
export function figure_text({ value, certainty }: Figure, text: (value: number) => string): string {
  return value === null ? "–" : SIGNS[certainty] + text(value);
}
