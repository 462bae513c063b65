// The keys of the page, and the list of them that `?` shows.

import { element } from "./dom.ts";

export interface Key {
  /** As in KeyboardEvent.key. */
  keys: string[];
  /** As the list shows them; empty if another line of the list has them. */
  shown: string;
  does: string;
  run: () => void;
  /** Otherwise the browser does what it does with the key. */
  when?: () => boolean;
}

/** Runs the action of a key, except while somebody types or a control uses the key itself. */
export function listen(keys: readonly Key[]): void {
  const by_key = new Map(keys.flatMap((key) => key.keys.map((name) => [name, key] as const)));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || is_typing(event)) return;
    const key = by_key.get(event.key);
    if (!key || key.when?.() === false) return;
    event.preventDefault();
    key.run();
  });
}

function is_typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  // a dialog that was just closed may have the focus until the next frame
  if (target.closest("dialog[open]")) return true;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return true;
  return target.getAttribute("role") === "tab" && event.key.startsWith("Arrow");
}

export function fill_help(dialog: HTMLDialogElement, keys: readonly Key[]): void {
  const gestures = [
    ["drag", "zoom into the range"],
    ["wheel, pinch", "zoom; over lanes that scroll, hold Ctrl"],
    ["Shift+drag, sideways wheel", "move the window"],
    ["double click", "go back to the window before"],
    ["click a call", "zoom to it"],
    ["click the name of a process", "fold its rows; with Shift: show only this process"],
    ["click the name of a row", "make it thin; with Shift: hide it"],
  ];
  const row = (shown: string, does: string) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, element("kbd", {}, shown)),
      element("td", {}, does),
    );
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    dialog.close();
  });
  dialog.replaceChildren(
    element("h2", { id: "help_title" }, "Keys and gestures"),
    element(
      "table",
      {},
      element("tbody", {}, ...keys.filter(({ shown }) => shown).map(({ shown, does }) => row(shown, does))),
    ),
    element("table", {}, element("tbody", {}, ...gestures.map(([shown, does]) => row(shown!, does!)))),
    element("button", { on: { click: () => dialog.close() } }, "close"),
  );
}
